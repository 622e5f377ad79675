"""A small office folder without faults, in which every table has rows; tests change it and write it."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

Grid = list[list[str]]

SECRET_NAME = "Zebedee"
SECRET_YEAR = "1931"

TOML = """\
name = "Test office"
time_zone = "America/New_York"
grid_minutes = 5
days = 7

[weights]
idle = 2

[defaults]
overtime = 15

[holidays]
country = "US"
subdivision = "NY"
"""

_TABLES = {
    "sites": """\
site,name,time_zone
MAIN,Main Street,America/New_York
WEST,West End,
""",
    "providers": """\
provider,name,gender,languages,visit_types,supervisors,without_break,rest_hours
DR1,Dr. Chen,female,English; Spanish,,,240,11
DR2,Dr. Roe,male,English,check-up; imaging,,,
DR3,"Roe, junior",other,,,DR1; DR2,,0
""",
    "visit_types": """\
visit_type,name,minutes,pools,buffer_before,buffer_after,credential,min_age,max_age,fee,seats,most_in_a_row
check-up,Yearly check-up,20,exam,0,5,,,,120,1,
imaging,Ultrasound,30,exam; scan,5,0,ultrasound,0,99,200,,3
removal,Small removal,40,exam,0,0,,,,300,,
""",
    "steps": """\
visit_type,order,minutes,pools,max_wait
check-up,-2,5,,10
check-up,-1,10,nurse,20
check-up,1,5,,20
""",
    "lengths": """\
visit_type,provider,patients,minutes
check-up,DR2,,25
check-up,,new,30
""",
    "roles": """\
visit_type,role,order,providers
removal,assistant,0,DR1; DR3
removal,student,0,DR2; DR3
""",
    "patients": f"""\
patient,name,birth_date,own_provider,language,language_required,provider_gender,provider_gender_required,self_pay
N1,{SECRET_NAME} One,{SECRET_YEAR}-07-11,DR1,Spanish,yes,,no,no
N2,{SECRET_NAME} Two,{SECRET_YEAR}-07-12,DR2,,no,female,no,yes
N3,{SECRET_NAME} Three,{SECRET_YEAR}-07-13,,,,,,
N4,"{SECRET_NAME} ""Four"" Jr",{SECRET_YEAR}-07-14,DR1,,,,,
""",
    "requests": """\
request,patient,visit_type,ready,due,urgency,priority,minutes,provider,providers,site,new,after,after_min_days,after_max_days,same_day_as
R1,N1,check-up,2026-11-30,2026-12-04,1,2,30,DR1,DR1; DR2,MAIN,no,,,,
R2,N1,imaging,2026-11-30,2026-12-04,2,1,,,,,no,R1,1,5,
R3,N2,check-up,2026-11-30,2026-12-04,1,1,,DR2,,WEST,yes,,,,
R4,N3,check-up,,,,,,,,,,,,,
R5,N3,imaging,,2026-12-31,,,,,,,,,,,R4
R6,N4,check-up,2026-12-01,,,,25,,,,,,,,
""",
    "age_days": """\
request,first_day,last_day
R1,,2026-12-31
R6,2026-11-30,
""",
    "availability": """\
patient,request,date,weekday,start,end
N1,R1,2026-12-01,,08:00,12:00
N1,,,Tuesday,09:00,16:00
N2,,,,08:00,17:00
""",
    "preferences": """\
patient,request,date,weekday,start,end
N2,R3,2026-12-01,,08:00,12:00
N3,,,Mon,09:00,16:00
""",
    "appointments": """\
request,provider,date,start,mark
R3,DR2,2026-12-01,09:20,fixed
R6,DR1,2026-12-02,10:00,movable
""",
    "cancellations": """\
request,reason
R5,left town with Zebedee
""",
    "shifts": """\
provider,site,date,weekday,start,end,breaks,overtime,valid_from,valid_until,moving_breaks,last_new
DR1,MAIN,,Tuesday,08:00,17:00,12:00-13:00,30,2026-09-01,2027-08-31,09:00-11:00 15; 14:30-16:00 15,30
DR1,MAIN,2026-12-02,,08:00,12:00,,,,,,
DR1,WEST,2026-12-02,,13:00,17:00,,,,,,
DR2,WEST,,Tue,08:00,16:00,,,,,11:00-14:00 30,
DR3,MAIN,,Thursday,08:00,16:00,10:00-10:15; 12:00-13:00,,,,,
""",
    "travel": """\
site,other_site,minutes
MAIN,WEST,40
WEST,MAIN,35
""",
    "reserves": """\
provider,weekday,start,end,places,minutes,visit_type,urgency,release_hours
DR1,,08:00,12:00,2,15,,5,2
,Thursday,,,1,20,removal,,
""",
    "setups": """\
visit_type,next_visit_type,minutes
check-up,removal,10
removal,check-up,15
""",
    "leave": """\
provider,first_day,last_day,start,end,reason
DR2,2026-12-03,2026-12-04,,,surgery of Zebedee
DR3,2026-12-03,2026-12-03,12:00,16:00,
""",
    "closures": """\
site,date,reason
MAIN,2026-12-24,stocktaking
,2026-12-23,snow
""",
    "credentials": """\
provider,credential,valid_from,valid_until
DR1,ultrasound,2024-01-01,2026-12-31
DR2,ultrasound,,
""",
    "pools": """\
pool,site,kind,capacity,turnover
MAIN-exam,MAIN,exam,3,5
WEST-exam,WEST,exam,2,0
MAIN-scan,MAIN,scan,1,10
MAIN-nurse,MAIN,nurse,2,
""",
    "open_holidays": """\
site,date
WEST,2026-11-11
""",
    "pool_closures": """\
pool,date,start,end,reason
MAIN-exam,2026-12-01,08:00,10:00,maintenance
MAIN-scan,2026-12-02,,,
""",
    "caps": """\
provider,visit_type,new_only,maximum
DR1,check-up,yes,3
,,no,20
""",
    "coverage": """\
patient,insurer,valid_from,valid_until
N1,ACME,2026-01-01,2026-12-31
N2,ZETA,,
""",
    "networks": """\
insurer,provider,valid_from,valid_until
ACME,DR1,2026-01-01,2026-12-31
ZETA,DR2,,
""",
    "terms": """\
insurer,visit_type,authorisation,referral,fee
ACME,imaging,yes,no,95
ACME,check-up,no,no,
""",
    "authorisations": """\
authorisation,patient,insurer,visit_type,visits_left,valid_from,valid_until
A1,N1,ACME,imaging,2,2026-01-01,2026-06-30
A2,N1,ACME,imaging,2,2026-07-01,2026-12-31
""",
    "referrals": """\
patient,visit_type,valid_from,valid_until
N1,imaging,2026-01-01,2026-12-31
""",
    "eligibility": """\
patient,insurer,visit_type,asked_for,answered,status,valid_from,valid_until,visits_left,source
N1,ACME,,2026-12-01,2026-11-12,active,2026-01-01,2026-12-31,12,271
N2,ZETA,imaging,,2026-11-13,unknown,,,,
""",
    "collection": """\
insurer,visit_type,allowed,chance,low,high,bad_debt,claims
ACME,imaging,95.00,0.93,0.88,0.96,4.00,120
,,,0.6,,,,
""",
    "staff": """\
staff,role,site,hired,left,provider,duties
S1,physician,MAIN,2020-01-07,,DR1,first-aid
S2,trainee,,2026-11-16,,DR3,
MA1,assistant,WEST,2026-11-23,2027-12-31,,first-aid; vaccines
MA2,assistant,MAIN,,,,
""",
    "staff_shifts": """\
staff,site,date,weekday,start,end,every,week_of_month,valid_from,valid_until
MA1,WEST,,Monday,07:30,16:00,2,,2026-11-30,
MA2,MAIN,2026-12-01,,08:00,12:10,,,,
""",
    "competences": """\
competence,name,months,levels
life-support,Basic life support,24,3
ultrasound,Ultrasound,,
""",
    "staff_competences": """\
staff,competence,level,valid_from,valid_until,evidence
S1,life-support,2,2025-03-10,,
DR3,life-support,,2026-01-01,2026-12-31,card 4711
MA1,life-support,3,,,
""",
    "requirements": """\
competence,level,role,duty,visit_type,visit_role,planning
life-support,2,physician,,,,yes
life-support,,,first-aid,,,no
ultrasound,,,,imaging,,
life-support,,,,removal,assistant,no
""",
    "courses": """\
course,competence,level,trainer,minutes,seats,dates,pool,sites,first_day,last_day,start,end
BLS,life-support,2,DR1,120,6,2,MAIN-exam,MAIN; WEST,2026-12-01,2026-12-18,08:00,17:00
film,life-support,,,30,40,,,,,,,
""",
    "onboarding": """\
role,step,about,competence,from_day,to_day,needs_mentor,shared_hours
,keys,Keys and accounts,,0,1,,
assistant,rooming,Rooming with a mentor,,1,14,yes,12
assistant,life,,life-support,,30,,
""",
    "mentors": """\
staff,most,roles
MA2,2,assistant; trainee
S1,,
""",
    "case_rules": """\
kind,subject,acknowledge_within,close_within,counted,escalate_to
complaint,billing,5,30,calendar,
""",
    "devices": """\
device,pool,kind,serial,in_use_from,in_use_until,state
US-1,MAIN-scan,ultrasound,SN-2041,2024-03-01,,
AC-1,MAIN-exam,autoclave,,,2027-06-30,out-of-use
""",
    "maintenance": """\
task,device,pool,every_days,every_uses,last_done,minutes,window_days,done_by,hours
calibration,US-1,,180,,2026-06-08,60,14,,
cleaning,,MAIN-exam,30,200,,45,5,,08:00-12:00
""",
    "needs": """\
need,visit_type,kind,name,new_only,whose,holds_days
history,,form,Medical history,yes,desk,
blood-count,removal,result,Blood count,,nurse,30
""",
    "received": """\
patient,need,request,on
N1,history,,2026-11-20
N1,blood-count,R1,2026-11-27
""",
    "wishes": """\
patient,channel,lead_hours,quiet_from,quiet_until,time_zone,clock
N1,letter,24,19:00,09:30,America/Denver,24h
N2,,,,,,
""",
    "visit_words": """\
visit_type,language,called,prepare
imaging,es,Ecografía,No coma nada desde las 6 de la mañana.
""",
    "recalls": """\
recall,patient,visit_type,due
C12,N1,check-up,2027-03-01
""",
    "material": """\
material,language,level,title,kind,visit_types,valid_from,valid_until,place,needs_signature
leaflet,Spanish,6,Su visita,education,check-up; imaging,2026-01-01,,leaflet-es.pdf,no
""",
    "supplies": """\
item,name,unit,pack,minimum_order,price,order_cost,holding_rate,holding_cost,shortage_cost,fill_rate,lead_days,review_days,review_from,shelf_days,supplier,by_site,binding
film,Film,sheets,25,50,40.00,12.5,0.2,,30,,3,,,,MEDCO,no,yes
gel,Gel,ml,250,,9,,,0.01,,0.95,1,7,2026-11-30,360,,yes,
""",
    "supply_uses": """\
visit_type,item,amount,chance
imaging,film,2,
imaging,gel,12.5,0.9
removal,gel,5,
""",
    "stock": """\
item,site,lot,amount,expires,counted
film,,F1,40,2027-03-31,2026-11-27
gel,MAIN,,800,,
gel,WEST,,250.5,,
""",
    "supply_orders": """\
order,item,site,amount,ordered,due,received
O1,film,,50,2026-11-25,2026-12-02,
O2,gel,MAIN,250,2026-11-20,2026-11-24,2026-11-24
""",
    "obligations": """\
obligation,what,source,basis,every,unit,dates,due,last_done,owner,lead_days
risk-analysis,Analyse risks,45 CFR 164.308(a)(1)(ii)(A),office,12,months,,,2026-01-15,ann,60
fire-doors,Look at fire doors,Lease of 2024,contract,,,03-31; 09-30,,,,
permit,Renew the permit,City code 12,law,,,,2027-06-30,,,
""",
    "targets": """\
measure,first_day,target
no_show,,9.5
no_show,2026-11-30,8
days_receivable,2026-01-01,40
""",
    "care_kinds": """\
visit_type,care
check-up,primary
imaging,specialty
""",
    "measure_changes": """\
measure,date,what
no_show,2026-12-07,Reminders by text
,2026-12-14,New opening hours
""",
}


def office_grids() -> dict[str, Grid]:
    """The tables of the office, anew: header and rows of each."""
    return {name: list(csv.reader(io.StringIO(text))) for name, text in _TABLES.items()}


def grid_bytes(grid: Grid) -> bytes:
    """A grid as a CSV file."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(grid)
    return text.getvalue().encode()


def office_files(grids: Mapping[str, Grid] | None = None, toml: str = TOML) -> dict[str, bytes]:
    """File name to content of an office's folder."""
    tables = office_grids() if grids is None else grids
    return {"office.toml": toml.encode(), **{f"{name}.csv": grid_bytes(grid) for name, grid in tables.items()}}


def write_files(folder: Path, files: Mapping[str, bytes]) -> Path:
    """Write files into a folder and return it."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    return folder


def edited(*edits: tuple[str, int, str, str]) -> dict[str, Grid]:
    """The office's grids after edits: table, row as a spreadsheet counts, column, new cell.

    A row just past the end is new, with cells of the edits and otherwise empty.
    """
    grids = office_grids()
    for table, row, column, value in edits:
        grid = grids[table]
        if row == len(grid) + 1:
            grid.append([""] * len(grid[0]))
        grid[row - 1][grid[0].index(column)] = value
    return grids


def grid_frame(grid: Grid) -> pd.DataFrame:
    """A grid as a frame of text."""
    return pd.DataFrame(grid[1:], columns=grid[0], dtype=object)
