"""999: whether a group's transactions keep to their guides (005010X231)."""

ACKNOWLEDGEMENT = """
ST R 1 01=999
AK1 R 1
@2000 S >
 AK2 R 1
 @2100 S >
  IK3 R 1 04~1,2,3,4,5,6,7,8,I4,I6,I7,I8,I9
  CTX S 10
  @2110 S >
   IK4 R 1 03~1,2,3,4,5,6,7,8,9,10,12,13,I10,I11,I12,I13,I6,I9
   CTX S 10
 IK5 R 1
AK9 R 1
SE R 1
"""
