"""Short and familiar forms of given names."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

_GROUPS = """
abigail abby abbie gail
abraham abe bram
adelaide addie heidi
albert al bert bertie
alexander alex alec sandy xander lex sasha alejandro
alexandra alex sandra sandy alexa lexi sasha
alfred al fred alfie
alice allie ali alicia
amanda mandy
andrew andy drew andre andreas andres
angela angie angel angelina
ann anne anna annie nancy hannah ana anita
anthony tony antonio anton
arthur art artie
barbara barb barbie babs
beatrice bea trixie beatriz
benjamin ben benny benji
bernard bernie bern
bradley brad
cameron cam
caroline carolyn carrie carol caro carolina
catherine katherine kathryn cathy kathy kate katie cat kat kitty katy katharine catharine katerina catalina kathleen
charles charlie chuck chas carlos chip
charlotte charlie lottie charly
christine christina chris chrissy tina christy kristin kristen kristina christian cristina
christopher chris kit topher cristobal kristopher
cynthia cindy
daniel dan danny
danielle dani
david dave davey
deborah deb debbie debra
dennis denny
dominic dom nick dominick
donald don donny donnie
dorothy dot dottie dolly
douglas doug
edward ed eddie ned ted teddy eduardo
edwin ed eddie
elaine ellie helaine
eleanor ellie nell nora elly ella leonor
elizabeth liz beth betty lizzie eliza lisa betsy bess bessie libby elisabeth elspeth lizbeth isabel liza elise
emily em emmy millie
emma em emmy
eugene gene
evelyn eve evie
florence flo flossie
frances fran frannie francie francesca
francis frank fran francisco frankie
franklin frank
frederick fred freddy freddie fritz rick frederic federico
gabriel gabe
gabrielle gabby gabriella
gerald gerry jerry
geoffrey jeffrey jeff geoff
george georgie jorge
gerard gerry
gregory greg gregg
harold harry hal
harriet hattie
helen nell ellen helena elena
henry harry hank hal enrique
isabella bella izzy isabelle isabel
jacob jake jacobo
jacqueline jackie jacqui
james jim jimmy jamie jem jaime
janet jan
jane janie jenny janey
jason jay
jean jeanne jeannie
jennifer jen jenny jenn
jessica jess jessie
joan joanie
joanna jo joanne
john johnny jack jon juan ian hans sean
jonathan jon johnny jonathon
joseph joe joey jose giuseppe jo
josephine jo josie
joshua josh
judith judy
julia julie jules juliana
kenneth ken kenny
kimberly kim kimmy kimberley
laurence lawrence larry lars lorenzo
leonard leo len lenny leonardo
leslie les
lillian lily lil lilly
lewis louis lou lew luis
louise lou louisa
lucille lucy lucia
madeline maddie maddy madeleine madelyn
margaret maggie meg peggy marge margie greta rita daisy peg maggy margarita margot
maria marie mary mia
mark marc marcus marcos
martha marty patty
martin marty
mary molly polly mamie maria marie
matthew matt matty mateo matthias
maximilian max
maxwell max
megan meg
melissa missy mel
michael mike mikey mick mickey miguel mitch micky
michelle shelly micki
mitchell mitch
mohammed mohammad muhammad mohamed mohamad mo
nancy nance
natalie nat nattie
nathaniel nathan nate nat
nicholas nick nicky nicolas nico
nicole nicky nikki nicola
oliver ollie
olivia liv livvy
pamela pam
patricia pat patty tricia trish patsy
patrick pat paddy rick patricio
paul pablo paulie
peter pete pedro
philip phil phillip felipe
phyllis phyl
priscilla cilla
rachel rae rach rachael
ralph rafe rafael
randall randy randolph
raymond ray
rebecca becky becca bec
richard rick dick rich ricky richie ricardo rickie
robert bob rob bobby robbie bert bobbie roberto robin
roberta bobbie
roger rog
ronald ron ronnie
rose rosie rosa
russell russ rusty
ruth ruthie
samantha sam sammie
samuel sam sammy
sandra sandy
sarah sally sara sadie
scott scotty
sebastian seb bas
sharon shari
sophia sophie sofia
stephanie steph stevie
stephen steve steven steph stevie esteban stefan
susan sue susie suzanne susanna suzy suzie
sylvia sylvie
tabitha tabby
teresa theresa terry tess tessa terri
theodore ted theo teddy
terence terrence terry
thomas tom tommy tomas
timothy tim timmy
tobias toby
valerie val
veronica ronnie vera roni
victor vic
victoria vicky tori vicki vickie
vincent vince vinny vincenzo
virginia ginny ginger
walter walt wally
wesley wes
william will bill billy willie liam guillermo bily wm
zachary zach zack zac zak
"""


def _read() -> dict[str, tuple[int, ...]]:
    groups: dict[str, tuple[int, ...]] = {}
    for group, line in enumerate(_GROUPS.strip().splitlines()):
        for name in line.split():
            groups[name] = (*groups.get(name, ()), group)
    return groups


NICKNAMES: Mapping[str, tuple[int, ...]] = MappingProxyType(_read())
"""The numbers of the groups that a name belongs to; two names of one group may be one person's."""
MOST_GROUPS = max(len(groups) for groups in NICKNAMES.values())
"""The most groups that any name belongs to."""
