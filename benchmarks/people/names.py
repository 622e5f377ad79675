"""Names and places of invented people, with how often they occur."""

from __future__ import annotations

import numpy as np

_MOST_RARE = 30_000

_WOMEN = """
mary patricia jennifer linda elizabeth barbara susan jessica sarah karen lisa nancy betty sandra margaret ashley
kimberly emily donna michelle carol amanda melissa deborah stephanie dorothy rebecca sharon laura cynthia amy kathleen
angela shirley brenda emma anna pamela nicole samantha katherine christine helen debra rachel carolyn janet maria
catherine heather diane olivia julie joyce victoria ruth virginia lauren kelly christina joan evelyn judith andrea
hannah megan cheryl jacqueline martha madison teresa gloria sara janice ann kathryn abigail sophia frances jean alice
judy isabella julia grace amber denise danielle marilyn beverly charlotte natalie theresa diana brittany doris kayla
alexis lori marie guadalupe rosa ximena mei yuki fatima aisha nadia ingrid chloe zoe renée zoë siobhan
"""
_MEN = """
james robert john michael david william richard joseph thomas charles christopher daniel matthew anthony mark donald
steven andrew paul joshua kenneth kevin brian timothy ronald george jason edward jeffrey ryan jacob nicholas gary eric
jonathan stephen larry justin scott brandon benjamin samuel gregory alexander patrick frank raymond jack dennis jerry
tyler aaron jose adam nathan henry zachary douglas peter kyle noah ethan jeremy christian walter keith austin roger
terry sean gerald carl dylan harold jordan jesse bryan lawrence arthur gabriel bruce logan billy joe alan juan elijah
willie albert wayne randy mason vincent liam roy bobby caleb bradley russell lucas josé andré luis carlos miguel wei
hiroshi ahmed mohammed omar ravi sanjay björn søren dmitri
"""
_SURNAMES = """
smith johnson williams brown jones garcia miller davis rodriguez martinez hernandez lopez gonzalez wilson anderson
thomas taylor moore jackson martin lee perez thompson white harris sanchez clark ramirez lewis robinson walker young
allen king wright scott torres nguyen hill flores green adams nelson baker hall rivera campbell mitchell carter roberts
gomez phillips evans turner diaz parker cruz edwards collins reyes stewart morris morales murphy cook rogers gutierrez
ortiz morgan cooper peterson bailey reed kelly howard ramos kim cox ward richardson watson brooks chavez wood james
bennett gray mendoza ruiz hughes price alvarez castillo sanders patel myers long ross foster jimenez powell jenkins
perry russell sullivan bell coleman butler henderson barnes gonzales fisher vasquez simmons romero jordan patterson
alexander hamilton graham reynolds griffin wallace moreno west cole hayes bryant herrera gibson ellis tran medina
aguilar stevens murray ford castro marshall owens harrison fernandez mcdonald woods washington kennedy wells vargas
henry chen freeman webb tucker guzman burns crawford olson simpson porter hunter gordon mendez silva shaw snyder mason
dixon muñoz hunt hicks holmes palmer wagner black robertson boyd rose stone salazar fox warren mills meyer rice schmidt
garza daniels ferguson nichols stephens soto weaver ryan gardner payne grant dunn kelley spencer hawkins arnold pierce
hansen peters santos hart bradley knight elliott cunningham duncan armstrong hudson carroll lane riley andrews alvarado
ray delgado berry perkins hoffman johnston matthews peña richards contreras willis carpenter lawrence sandoval
o'brien o'connor mcgrath mckenzie d'angelo müller núñez yılmaz
"""
_PARTICLES = ("van der ", "de la ", "di ", "van ", "le ", "mac", "al-")
_HEADS = "ba be bo bra bre ca cha cor da del dor fa fer ga gar gre ha hol ka kra la lan ma mar na no pa pol ra ro sa "
_HEADS += "sch sta ta tor va vol wa wil ya za"
_MIDDLES = "l ll n nn r rr s t tt ck nd nt rd st m mb z v d g"
_TAILS = "a e i o er en in on ley ton man son ski sen berg stein feld ford well worth ini etti ova ez as is ak uk"
_STREETS = """
main oak pine maple cedar elm washington lake hill park walnut spring north ridge church willow mill sunset railroad
jackson river lincoln cherry franklin highland johnson forest meadow jefferson broad center chestnut spruce laurel
dogwood hickory adams valley madison poplar college locust prospect grant birch monroe academy pleasant magnolia
holly sycamore vine front liberty union smith school court green market water wood grove canal clinton summit fairview
"""
_KINDS = ("street", "avenue", "road", "drive", "lane", "court", "place", "boulevard", "way", "circle")
_TOWNS = ("spring", "green", "fair", "river", "oak", "clay", "frank", "mill", "george", "salem", "clin", "brook", "ash")
_TOWN_ENDS = ("field", "ville", "view", "dale", "ton", "wood", "port", "burg", " heights", " park", "haven", " city")


def _zipf(count: int, flat: float) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    shares = 1.0 / (np.arange(count) + flat)
    return np.asarray(shares / shares.sum())


class Names:
    """Draws names and streets as unevenly as they occur.

    Parameters
    ----------
    rng : numpy.random.Generator
        Draws the rare surnames that there are, and all names.
    people : int
        For how many.
    """

    def __init__(self, rng: np.random.Generator, people: int) -> None:
        self._rng = rng
        self._given = {"f": tuple(_WOMEN.split()), "m": tuple(_MEN.split())}
        self._common = tuple(_SURNAMES.split())
        self._rare = sorted({self._invented() for _ in range(min(_MOST_RARE, people))})
        self.streets = tuple(f"{name} {kind}" for name in _STREETS.split() for kind in _KINDS)
        self.towns = tuple(f"{head}{tail}" for head in _TOWNS for tail in _TOWN_ENDS)

    def _invented(self) -> str:
        rng = self._rng
        parts = [str(rng.choice(part.split())) for part in (_HEADS, _MIDDLES, _TAILS)]
        if rng.random() < 0.4:
            parts[1:1] = [str(rng.choice(_MIDDLES.split())), str(rng.choice(("a", "e", "i", "o", "u")))]
        particle = str(rng.choice(_PARTICLES)) if rng.random() < 0.05 else ""
        return particle + "".join(parts)

    def given(self, sex: str, count: int) -> list[str]:
        """Given names; one in four of a less common spelling."""
        names = self._given[sex]
        drawn = self._rng.choice(len(names), size=count, p=_zipf(len(names), 12.0))
        ends = self._rng.choice(["", "", "", "", "", "a", "ie", "lyn", "o", "son"], size=count)
        return [
            names[at] + (str(end) if end and self._rng.random() < 0.5 else "")
            for at, end in zip(drawn, ends, strict=True)
        ]

    def surnames(self, count: int) -> list[str]:
        """Surnames: six in ten of the common ones."""
        common = self._rng.choice(len(self._common), size=count, p=_zipf(len(self._common), 8.0))
        rare = self._rng.choice(len(self._rare), size=count)
        is_common = self._rng.random(count) < 0.6
        return [
            self._common[at] if often else self._rare[other]
            for at, other, often in zip(common, rare, is_common, strict=True)
        ]
