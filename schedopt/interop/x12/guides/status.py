"""276, 277 and 277CA: what became of claims (005010X212), and whether they were taken in (005010X214)."""

from schedopt.interop.x12.guides.nesting import nested

_HEAD = """
@2000A R >
 HL R 1 03=20 02- 04!
 @2100A R 1
  NM1 R 1 01=PR 03! 08=PI,XV 08! 09!
"""


def _asked(level: str, who: str, references: str) -> str:
    lines = f"""
{"DMG S 1 01=D8" if level == "D" else "DMG R 1 01=D8"}
@2100{level} R 1
 NM1 R 1 01={who} 03!
@2200{level} {"S" if level == "D" else "R"} >
 TRN R 1 01=1
{references}
 AMT S 1 01=T3
 DTP S 1 01=472 02=D8,RD8
 @2210{level} S >
  SVC R 1 01.1=AD,ER,HC,HP,IV,N4,NU,WK 07!
  REF S 1 01=FJ 02!
  DTP R 1 01=472 02=D8,RD8
"""
    return nested(lines, 5 if level == "E" else 4)


def _references(names: str) -> str:
    return "\n".join(f" REF S 1 01={name} 02!" for name in names.split(","))


STATUS_INQUIRY = f"""
ST R 1 01=276 03!
BHT R 1 01=0010 02=13 03! 04! 05!
{_HEAD}
 @2000B R >
  HL R 1 03=21 02! 04!
  @2100B R 1
   NM1 R 1 01=41 08=46 08! 09!
  @2000C R >
   HL R 1 03=19 02! 04!
   @2100C R 2
    NM1 R 1 01=1P 08=FI,SV,XX 08! 09!
   @2000D R >
    HL R 1 03=22 02! 04!
{_asked("D", "IL", _references("1K,BLT,LU,6P,EJ,XZ,D9"))}
    @2000E S >
     HL R 1 03=23 02!
{_asked("E", "QC", _references("1K,BLT,LU,6P,EJ,XZ,D9"))}
SE R 1
"""


def _answered(level: str, who: str) -> str:
    lines = f"""
@2100{level} R 1
 NM1 R 1 01={who} 03!
@2200{level} {"S" if level == "D" else "R"} >
 TRN R 1 01=2
 STC R > 02!
{_references("1K,BLT,EJ,XZ,VV,FJ,D9")}
 DTP S 1 01=472 02=D8,RD8
 @2220{level} S >
  SVC R 1 01.1=AD,ER,HC,HP,IV,N4,NU,WK
  STC R > 02!
  REF S 1 01=FJ 02!
  DTP R 1 01=472 02=D8,RD8
"""
    return nested(lines, 5 if level == "E" else 4)


STATUS_ANSWER = f"""
ST R 1 01=277 03!
BHT R 1 01=0010 02=08 03! 04! 05! 06=DG
{_HEAD}
  PER S 1 01=IC 03! 04!
 @2000B R >
  HL R 1 03=21 02! 04!
  @2100B R 1
   NM1 R 1 01=41 08=46 08! 09!
  @2200B S 1
   TRN R 1 01=2
   STC R > 02!
  @2000C S >
   HL R 1 03=19 02! 04!
   @2100C R 2
    NM1 R 1 01=1P 08=FI,SV,XX 08! 09!
   @2200C S 1
    TRN R 1 01=1,2
    STC R > 02!
   @2000D S >
    HL R 1 03=22 02! 04!
{_answered("D", "IL")}
    @2000E S >
     HL R 1 03=23 02!
{_answered("E", "QC")}
SE R 1
"""

CLAIM_ACKNOWLEDGEMENT = """
ST R 1 01=277 03!
BHT R 1 01=0085 02=08 03! 04! 05! 06=TH
@2000A R 1
 HL R 1 03=20 02- 04!
 @2100A R 1
  NM1 R 1 01=AY,PR 03! 08=46,FI,PI,XV 08! 09!
 @2200A R 1
  TRN R 1 01=1
  DTP R 1 01=050 02=D8
  DTP R 1 01=009 02=D8
 @2000B R 1
  HL R 1 03=21 02! 04!
  @2100B R 1
   NM1 R 1 01=41 03! 08=46 08! 09!
  @2200B R 1
   TRN R 1 01=2
   STC R > 02! 03!
   QTY S 1 01=90 02!
   QTY S 1 01=AA 02!
   AMT S 1 01=YU
   AMT S 1 01=YY
  @2000C S >
   HL R 1 03=19 02! 04!
   @2100C R >
    NM1 R 1 01=85 03! 08=FI,SV,XX
   @2200C S 1
    TRN R 1 01=1
    STC S > 03=U,WQ 03!
    REF S 3 01=0B,1G,G2,LU,SY,TJ 02!
    QTY S 1 01=QA 02!
    QTY S 1 01=QC 02!
    AMT S 1 01=YU
    AMT S 1 01=YY
   @2000D S >
    HL R 1 03=PT 02!
    @2100D R 1
     NM1 R 1 01=QC 03! 08=II,MI
    @2200D S >
     TRN R 1 01=2
     STC R > 02! 03=U,WQ 03! 04!
     REF S 1 01=1K 02!
     REF S 1 01=D9 02!
     REF S 1 01=BLT 02!
     DTP R 1 01=472 02=D8,RD8
     @2220D S >
      SVC R 1 01.1=AD,ER,HC,HP,IV,NU,WK
      STC R > 02! 03!
      REF S 1 01=FJ 02!
      REF S 1 01=XZ 02!
      DTP S 1 01=472 02=D8,RD8
SE R 1
"""
