"""Turns patients, requests and promises into columns and rules."""
