"""Names for people and places that do not exist."""

from __future__ import annotations

_FIRST = """
    Aaliyah Adaeze Ahmed Aisha Akira Alejandro Alice Amara Amir Ana Anders Andrei Anh Antonio Anya Arjun Astrid
    Ayumi Beatriz Benjamin Bilal Bjorn Camila Carlos Chiara Chidi Chloe Daniel Dariusz David Deepa Diego Dina
    Dmitri Elena Eleni Elias Emeka Emma Esther Fatima Felix Fernanda Finn Francois Gabriel Grace Hana Hannah
    Hassan Helena Hiro Ibrahim Ines Ingrid Isabel Ivan Jamal James Jasmine Javier Jean Jin Joana Johan Jorge
    Josefina Kamala Katarzyna Kenji Khadija Kofi Kwame Lars Layla Leila Leo Liam Lina Lucia Luka Magda Mai Malik
    Manuel Maria Mariam Marta Mateo Matteo Maya Mehmet Mei Miguel Mila Minh Mohammed Nadia Naomi Natalia Ngozi
    Nikolai Nina Noah Olga Oliver Omar Oscar Padma Pablo Paolo Petra Pierre Priya Rafael Rahul Rania Ravi Rosa
    Ruth Samir Samuel Sanjay Sara Sergei Silvia Sofia Soo Stefan Sven Tamar Tariq Teresa Thandiwe Thomas Tomas
    Tuan Uma Valentina Vera Victor Vikram Wanda Wei Wilhelm Yara Yasmin Yuki Yusuf Zainab Zanele Zoe
"""

_LAST = """
    Abebe Abdi Achebe Adeyemi Aguilar Ahmadi Almeida Alvarez Andersson Baker Banerjee Baptiste Barbosa Bauer
    Becker Bergstrom Bianchi Bondar Campbell Carvalho Castillo Chaudhry Chavez Chen Choi Cohen Cooper Costa Cruz
    Dang Delgado Desai Diallo Dimitrov Dubois Dupont Eriksen Espinoza Farouk Fernandez Ferrari Fischer Flores
    Fontaine Garcia Ghosh Gomez Gonzalez Gupta Haddad Hansen Hassan Hernandez Hoang Horvat Huang Hussein Ito
    Ivanov Jansen Johnson Joseph Kaplan Karim Kato Kaya Khan Kim Kowalski Kumar Lam Laurent Lee Lehtonen Levy Lim
    Lindgren Lopez Malik Marino Martinez Mbeki Mehta Mensah Meyer Molina Morales Moreau Morris Mukherjee Murphy
    Mutua Nakamura Nguyen Nilsson Novak Nowak Nwosu Okafor Oliveira Olsen Ortiz Osei Ozturk Papadopoulos Park
    Patel Pereira Petrov Pham Popescu Qureshi Rahman Ramirez Reyes Ricci Rivera Robinson Rojas Romano Rossi Said
    Salazar Santos Sato Schmidt Schneider Sharma Silva Singh Smith Sokolov Sorensen Suarez Suzuki Takahashi Tanaka
    Taylor Tesfaye Torres Tran Traore Tsai Vargas Virtanen Volkov Wagner Walker Wang Weber Williams Wong Wu
    Yamamoto Yilmaz Zhang Zhou
"""

FIRST_NAMES = tuple(_FIRST.split())
LAST_NAMES = tuple(_LAST.split())

SITE_NAMES = (
    ("MAIN", "Main Street"),
    ("NORTH", "North Gate"),
    ("HARBOUR", "Harbour Square"),
    ("HILL", "Hillside"),
    ("PARK", "Park Lane"),
    ("BRIDGE", "Old Bridge"),
    ("MILL", "Mill Road"),
    ("STATION", "Station Yard"),
    ("COLLEGE", "College Green"),
    ("LAKE", "Lakeview"),
)

LANGUAGES = ("English", "Spanish", "Chinese", "Haitian Creole", "Vietnamese", "Portuguese", "Arabic", "Russian")
LANGUAGE_SHARES = (0.70, 0.15, 0.04, 0.03, 0.02, 0.02, 0.02, 0.02)
"""Among patients; all providers speak English, and most of them one more."""
