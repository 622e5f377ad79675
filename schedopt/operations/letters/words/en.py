"""What letters say in English."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "greeting": "Dear {name},",
    "greeting_nobody": "Hello,",
    "greeting_guardian": "Dear parent or guardian of {name},",
    "guardian": "To the parent or guardian of",
    "when": "When",
    "where": "Where",
    "with": "With",
    "visit": "Visit",
    "before": "Before",
    "duration": "Duration",
    "minutes": "about {minutes} minutes",
    "prepare": "How to prepare",
    "material": "For you to read or bring",
    "call": "call us at {phone}",
    "call_plain": "call us",
    "change": "If this time does not suit you, or if you have questions, please {call}.",
    "regards": "Kind regards",
    "private": "This message is meant for the person named above alone. If it reached you by mistake, please tell us "
    "and delete it.",
    "event": "Appointment: {office}",
    "confirmation.subject": "Your appointment",
    "confirmation.lead": "We have booked an appointment for you:",
    "moved.subject": "Your appointment has changed",
    "moved.lead": "Your appointment has changed. Please come at this time:",
    "cancelled.subject": "Your appointment has been cancelled",
    "cancelled.lead": "This appointment has been cancelled. Please do not come at this time:",
    "cancelled.tail": "If you would like another appointment, please {call}.",
    "reminder.subject": "Reminder of your appointment",
    "reminder.lead": "This is a reminder of your appointment:",
    "missed.subject": "We missed you",
    "missed.lead": "We expected you at this appointment, and you could not come:",
    "missed.tail": "Please {call} to find another time.",
    "lacking.subject": "Something is missing for your appointment",
    "lacking.authorisation": "Your insurer asks for an authorization before this appointment, and we do not have it "
    "yet:",
    "lacking.referral": "Your insurer asks for a referral from your doctor before this appointment, and we do not have "
    "it yet:",
    "lacking.tail": "Please {call}, so that the visit can take place and your insurer can pay for it.",
    "offer.subject": "An appointment is free",
    "offer.lead": "An appointment has become free. You can have it if you answer before {until}. Whoever answers first "
    "gets it:",
    "offer.tail": "To take it, {call}, or answer this message with YES. If you do not answer, nothing changes for you.",
    "taken.subject": "The appointment that we offered is no longer free",
    "taken.lead": "Somebody else answered first, so this appointment, which we offered you, is no longer free:",
    "taken.tail": "Nothing else changes for you.",
    "recall.subject": "It is time for your next visit",
    "recall.lead": "It is time to make an appointment for your next visit, around {date}.",
    "recall.tail": "Please {call} to choose a time.",
    "balance.subject": "Your account",
    "balance.lead": "An amount of {amount} is open on your account with us.",
    "balance.tail": "If you have paid in the meantime, please disregard this letter. If you have questions, please "
    "{call}.",
}
