"""278: may this be done, asked and answered (005010X217)."""

from schedopt.interop.x12.guides.nesting import nested

_PROVIDERS = "71,72,73,77,AAJ,DD,DK,DN,FA,G3,P3,QB,QV,SJ"
_TRANSPORT = "45,FS,ND,PW,R3"
_DAYS = "AAH,ABC,435,096,439,431,436,484,438,296,LMP"
_PLACES = "0B,1G,1J,EI,G5,N5,N7,SY,ZH"
_IDS = "1L,1W,6P,EJ,F6,HJ,IG,N6,NQ,SY"


def _event(answer: bool, depth: int) -> str:
    said, asked = ("", None) if answer else (None, "")
    lines = [
        ("@2000E S 1", ""),
        (" HL R 1 03=EV 02! 04!", ""),
        (" TRN S 3 01=1,2", ""),
        (" AAA S 9 03!", said),
        (" UM R 1 01=AR,HS,IN,SC", ""),
        (" HCR S 1", said),
        (" REF S 1 01=BB 02!", ""),
        (" REF S 1 01=NT 02!", ""),
        (" DTP S 9 01=AAH,ABC,435,096,439,431,436,484,438,296,102,036,580,007,472 02=D8,DT,RD8", ""),
        (" HI S 1", ""),
        (" HSD S 1", ""),
        (" CRC S 9", asked),
        (" CL1 S 1", ""),
        (" CR1 S 1", ""),
        (" CR2 S 1", ""),
        (" CR5 S 1", ""),
        (" CR6 S 1", ""),
        (" PWK S 10", ""),
        (" MSG S 1", ""),
        (f" @2010EA S 14\n  NM1 R 1 01={_PROVIDERS}\n  REF S 8 02!\n  N3 S 1\n  N4 S 1\n  PER S 3 01=IC", ""),
        ("  AAA S 9 03!", said),
        ("  PRV S 1", ""),
        (" @2010EB S 5\n  NM1 R 1 01=L5\n  N3 S 1\n  N4 S 1\n  PER S 1 01=IC", said),
        (f" @2010EB S 5\n  NM1 R 1 01={_TRANSPORT}\n  N3 S 1\n  N4 S 1", ""),
        (" @2000F S >\n  HL R 1 03=SS 02! 04!\n  TRN S 3 01=1,2", ""),
        ("  AAA S 9 03!", said),
        ("  UM S 1 01=HS,SC,IN,AR", ""),
        ("  HCR S 1", said),
        ("  REF S 1 01=BB 02!\n  REF S 1 01=NT 02!", ""),
        (f"  DTP S 9 01=472,102,036,580,007,{_DAYS} 02=D8,DT,RD8", ""),
        ("  HI S 1", said),
        ("  SV1 S 1\n  SV2 S 1\n  SV3 S 1\n  TOO S 32\n  HSD S 1\n  PWK S 10\n  MSG S 1", ""),
        (f"  @2010F S 12\n   NM1 R 1 01={_PROVIDERS}\n   REF S 8 02!\n   N3 S 1\n   N4 S 1\n   PER S 3 01=IC", ""),
        ("   AAA S 9 03!", said),
        ("   PRV S 1", ""),
    ]
    return nested("\n".join(line for line, wanted in lines if wanted is not None), depth)


def _guide(answer: bool) -> str:
    refused = "AAA S 9 03!" if answer else ""
    person = f"REF S 9 01={_IDS} 02!\nN3 S 1\nN4 S 1\n{refused}\nDMG S 1\nINS S 1"
    return f"""
ST R 1 01=278 03!
BHT R 1 01=0007 02={"11,18" if answer else "01,13,36"} 03! 04! 05!
@2000A R 1
 HL R 1 03=20 02- 04!
 {refused}
 @2010A R 1
  NM1 R 1 01=2B,36,PR,X3 08! 09!
  {"PER S 1 01=IC" if answer else ""}
  {refused}
 @2000B R 1
  HL R 1 03=21 02! 04!
  @2010B R {2 if answer else 1}
   NM1 R 1 01=1P,FA 08! 09!
   REF S 8 01={_PLACES} 02!
   N3 S 1
   N4 S 1
   PER S 1 01=IC
   {refused}
   PRV S 1
  @2000C R 1
   HL R 1 03=22 02! 04!
   @2010C R 1
    NM1 R 1 01=IL 08! 09!
{nested(person, 4)}
   @2000D S 1
    HL R 1 03=23 02! 04!
    @2010D R 1
     NM1 R 1 01=QC
{nested(person, 5)}
{_event(answer, 4)}
{_event(answer, 3)}
SE R 1
"""


REVIEW_REQUEST = _guide(answer=False)
REVIEW_ANSWER = _guide(answer=True)
