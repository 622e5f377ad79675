"""The records' rules about who: allowed providers, own provider, language, gender, site."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from schedopt.arrays import Flags, Ints
from schedopt.models.problem.lists import Lists
from schedopt.models.problem.options import Options
from schedopt.models.problem.rules import Forbids, Prices
from schedopt.models.problem.week import Week


@dataclass(frozen=True)
class AllowedProviders(Forbids):
    """A request that lists providers is seen by one of them.

    Attributes
    ----------
    limited : bool array, shape (requests,)
        The request lists providers.
    allowed : int array
        Sorted ``request * providers + provider`` of all that are listed.
    """

    limited: Flags
    allowed: Ints

    name = "allowed_providers"
    source = "records"
    reason = "the request is for other providers only"
    relief = "another provider than those that the request lists"
    waived = True
    by_provider = True

    def allows(self, options: Options, week: Week) -> Flags:
        """Look up request and provider."""
        key = options.request * len(week.sessions.provider_ids) + week.sessions.provider[options.session]
        place = np.minimum(np.searchsorted(self.allowed, key), max(0, len(self.allowed) - 1))
        listed = self.allowed[place] == key if len(self.allowed) else np.zeros(len(key), bool)
        return listed | ~self.limited[options.request]

    def listed(self, sessions: Ints, week: Week) -> tuple[Ints, Lists]:
        """A list for each request, of its providers' sessions."""
        num_providers = len(week.sessions.provider_ids)
        by_provider = Lists.by_key(week.sessions.provider[sessions], num_providers)
        row, member = by_provider.joined(self.allowed % num_providers)
        of = np.arange(len(self.limited))
        offset = np.searchsorted((self.allowed // num_providers)[row], np.arange(len(of) + 1))
        return np.where(self.limited, of, -1), Lists(offset, member)


@dataclass(frozen=True)
class AtSite(Forbids):
    """A request that names a site is held there.

    Attributes
    ----------
    site : int array, shape (requests,)
        Code, or -1 for any.
    """

    site: Ints

    name = "site"
    source = "records"
    reason = "the request is for another site only"
    waived = True
    by_provider = True

    def allows(self, options: Options, week: Week) -> Flags:
        """Compare sites."""
        wanted = self.site[options.request]
        here: Flags = (wanted < 0) | (wanted == week.sessions.site[options.session])
        return here

    def listed(self, sessions: Ints, week: Week) -> tuple[Ints, Lists]:
        """A list for each site."""
        return self.site, Lists.by_key(week.sessions.site[sessions], len(week.sessions.site_ids))


@dataclass(frozen=True)
class _Wish:
    """What a patient wishes for in a provider.

    Attributes
    ----------
    wish : int array, shape (requests,)
        Number of the wish, or -1 without one.
    met : bool array, shape (wishes, providers)
        Which providers meet which wish.
    required : bool array, shape (requests,)
        No other provider will do.
    """

    wish: Ints
    met: Flags
    required: Flags

    def _missed(self, options: Options, week: Week) -> Flags:
        wish = self.wish[options.request]
        if not len(self.met):
            return np.zeros(len(wish), bool)
        missed: Flags = (wish >= 0) & ~self.met[wish, week.sessions.provider[options.session]]
        return missed


class _RequiredWish(_Wish, Forbids):
    waived = True
    by_provider = True

    def allows(self, options: Options, week: Week) -> Flags:
        """Look up wish and provider."""
        return ~(self._missed(options, week) & self.required[options.request])


class LanguageRequired(_RequiredWish):
    """A patient who requires a language is seen by a provider who speaks it."""

    name = "language_required"
    source = "records"
    reason = "the provider does not speak the language the patient requires"
    relief = "a provider who does not speak the language required"


class GenderRequired(_RequiredWish):
    """A patient who requires a provider of one gender is seen by one."""

    name = "provider_gender_required"
    source = "records"
    reason = "the provider is not of the gender the patient requires"
    relief = "a provider who is not of the gender required"


@dataclass(frozen=True)
class _PricedWish(_Wish, Prices):
    points: int

    def price(self, options: Options, week: Week) -> Ints:
        """Points where the wish is not met."""
        return np.where(self._missed(options, week), self.points, 0)


@dataclass(frozen=True)
class LanguageWish(_PricedWish):
    """A visit with a provider who does not speak the patient's language costs."""

    name = "language"
    source = "records"
    reason = "the provider does not speak the patient's language"


@dataclass(frozen=True)
class GenderWish(_PricedWish):
    """A visit with a provider of another gender than wished for costs."""

    name = "provider_gender"
    source = "records"
    reason = "the provider is of another gender than wished for"


@dataclass(frozen=True)
class Continuity(Prices):
    """A visit with another provider than the one wished for, or the patient's own, costs.

    Attributes
    ----------
    provider : int array, shape (requests,)
        Code, or -1 without a wish.
    points : int
        A visit.
    """

    provider: Ints
    points: int

    name = "continuity"
    source = "records"
    reason = "another provider than the patient's own"

    def price(self, options: Options, week: Week) -> Ints:
        """Points where the provider is another."""
        wanted = self.provider[options.request]
        return np.where((wanted >= 0) & (wanted != week.sessions.provider[options.session]), self.points, 0)
