"""What letters say in Portuguese, as in Brazil."""

from __future__ import annotations

from collections.abc import Mapping

WORDS: Mapping[str, str] = {
    "greeting": "Prezado(a) {name},",
    "greeting_nobody": "Olá,",
    "greeting_guardian": "Prezados pais ou responsáveis de {name},",
    "guardian": "Aos pais ou responsáveis de",
    "when": "Quando",
    "where": "Onde",
    "with": "Com",
    "visit": "Consulta",
    "before": "Antes",
    "duration": "Duração",
    "minutes": "cerca de {minutes} minutos",
    "prepare": "Como se preparar",
    "material": "Para ler ou trazer",
    "call": "ligue para {phone}",
    "call_plain": "ligue para nós",
    "change": "Se este horário não for bom para você, ou se tiver perguntas, por favor, {call}.",
    "regards": "Atenciosamente",
    "private": "Esta mensagem é somente para a pessoa indicada acima. Se você a recebeu por engano, por favor, "
    "avise-nos e apague-a.",
    "event": "Consulta: {office}",
    "confirmation.subject": "Sua consulta",
    "confirmation.lead": "Marcamos uma consulta para você:",
    "moved.subject": "Sua consulta mudou",
    "moved.lead": "Sua consulta mudou. Por favor, venha neste horário:",
    "cancelled.subject": "Sua consulta foi cancelada",
    "cancelled.lead": "Esta consulta foi cancelada. Por favor, não venha neste horário:",
    "cancelled.tail": "Se quiser outra consulta, por favor, {call}.",
    "reminder.subject": "Lembrete da sua consulta",
    "reminder.lead": "Lembramos você da sua consulta:",
    "missed.subject": "Sentimos a sua falta",
    "missed.lead": "Esperávamos você nesta consulta, e você não pôde vir:",
    "missed.tail": "Por favor, {call} para encontrarmos outro horário.",
    "lacking.subject": "Falta algo para a sua consulta",
    "lacking.authorisation": "Seu plano de saúde exige uma autorização antes desta consulta, e ainda não a temos:",
    "lacking.referral": "Seu plano de saúde exige um encaminhamento do seu médico antes desta consulta, e ainda não o "
    "temos:",
    "lacking.tail": "Por favor, {call} para que a consulta possa acontecer e o plano de saúde possa pagá-la.",
    "offer.subject": "Há um horário livre",
    "offer.lead": "Um horário ficou livre. Ele será seu se você responder antes deste momento: {until}. Fica com ele "
    "quem responder primeiro:",
    "offer.tail": "Para aceitá-lo, {call} ou responda a esta mensagem com a palavra SIM. Se você não responder, nada "
    "muda para você.",
    "taken.subject": "O horário que oferecemos não está mais livre",
    "taken.lead": "Outra pessoa respondeu primeiro, por isso este horário que oferecemos não está mais livre:",
    "taken.tail": "Nada mais muda para você.",
    "recall.subject": "Está na hora da sua próxima consulta",
    "recall.lead": "Está na hora de marcar a sua próxima consulta, por volta de {date}.",
    "recall.tail": "Por favor, {call} para escolher um horário.",
    "balance.subject": "Sua conta",
    "balance.lead": "Há um valor de {amount} em aberto na sua conta conosco.",
    "balance.tail": "Se você já pagou, por favor, desconsidere esta carta. Se tiver perguntas, {call}.",
}
