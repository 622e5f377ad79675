"""What letters say in Spanish."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "greeting": "Estimado(a) {name}:",
    "greeting_nobody": "Buenos días:",
    "greeting_guardian": "Estimado padre, madre o tutor de {name}:",
    "guardian": "Al padre, madre o tutor de",
    "when": "Cuándo",
    "where": "Dónde",
    "with": "Con",
    "visit": "Consulta",
    "before": "Antes",
    "duration": "Duración",
    "minutes": "unos {minutes} minutos",
    "prepare": "Cómo prepararse",
    "material": "Para leer o traer",
    "call": "llámenos al {phone}",
    "call_plain": "llámenos",
    "change": "Si esta hora no le conviene o si tiene preguntas, por favor {call}.",
    "regards": "Atentamente",
    "private": "Este mensaje es solo para la persona nombrada arriba. Si lo recibió por error, por favor avísenos y "
    "bórrelo.",
    "event": "Cita: {office}",
    "confirmation.subject": "Su cita",
    "confirmation.lead": "Le hemos reservado una cita:",
    "moved.subject": "Su cita ha cambiado",
    "moved.lead": "Su cita ha cambiado. Por favor, venga a esta hora:",
    "cancelled.subject": "Su cita ha sido cancelada",
    "cancelled.lead": "Esta cita ha sido cancelada. Por favor, no venga a esta hora:",
    "cancelled.tail": "Si desea otra cita, por favor {call}.",
    "reminder.subject": "Recordatorio de su cita",
    "reminder.lead": "Le recordamos su cita:",
    "missed.subject": "Lo esperábamos en su cita",
    "missed.lead": "Lo esperábamos en esta cita y no pudo venir:",
    "missed.tail": "Por favor, {call} para encontrar otra hora.",
    "lacking.subject": "Falta algo para su cita",
    "lacking.authorisation": "Su seguro exige una autorización antes de esta cita, y todavía no la tenemos:",
    "lacking.referral": "Su seguro exige una remisión de su médico antes de esta cita, y todavía no la tenemos:",
    "lacking.tail": "Por favor, {call} para que la consulta pueda realizarse y su seguro pueda pagarla.",
    "offer.subject": "Hay una cita libre",
    "offer.lead": "Ha quedado libre una cita. Será suya si responde antes de esta hora: {until}. La recibe quien "
    "responda primero:",
    "offer.tail": "Para aceptarla, {call} o responda a este mensaje con la palabra SÍ. Si no responde, nada cambia "
    "para usted.",
    "taken.subject": "La cita que le ofrecimos ya no está libre",
    "taken.lead": "Otra persona respondió primero, por lo que esta cita que le ofrecimos ya no está libre:",
    "taken.tail": "Nada más cambia para usted.",
    "recall.subject": "Es hora de su próxima consulta",
    "recall.lead": "Es hora de pedir una cita para su próxima consulta, alrededor del {date}.",
    "recall.tail": "Por favor, {call} para elegir una hora.",
    "balance.subject": "Su cuenta",
    "balance.lead": "En su cuenta con nosotros hay un saldo pendiente de {amount}.",
    "balance.tail": "Si ya ha pagado, por favor ignore esta carta. Si tiene preguntas, por favor {call}.",
}
