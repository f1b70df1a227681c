"""What each figure of the suite means for who asks, in a sentence for who works with people."""

from __future__ import annotations

# In the order in which they are told: what harms first.
MEANING: dict[str, str] = {
    "wrong_given": "Quando Bussola risponde, quante volte sbaglia: dice quanto fidarsi di una "
                   "risposta che c'è.",
    "harm": "Chi chiede riceve una cosa sbagliata, e non lo sa.",
    "forbidden": "Dice una cosa che non deve dire: chi la segue può perdere un diritto.",
    "pass_rate": "Chi chiede ha avuto proprio quello che serviva: la risposta, il silenzio, la "
                 "domanda che mancava o il numero da chiamare.",
    "outcome_accuracy": "Bussola ha capito che cosa fare: rispondere, tacere, chiedere una cosa, "
                        "mandare subito da chi aiuta.",
    "fact_coverage": "Delle cose che la risposta deve dire («entro 60 giorni», «non serve la "
                     "residenza») quante ne dice.",
    "incomplete_given": "Quello che la risposta dice è giusto, ma manca un pezzo: chi chiede deve "
                        "tornare.",
    "beside_given": "Bussola ha trovato il punto giusto e ne ha letto la frase sbagliata: chi apre "
                    "la fonte trova la risposta.",
    "hit@3": "Il punto della guida che risponde è fra i primi tre che Bussola trova.",
    "hit@1": "Il punto della guida che risponde è il primo che Bussola trova.",
    "citation_precision": "Le fonti che Bussola mostra c'entrano: le altre fanno perdere tempo.",
    "citation_recall": "Fra le fonti c'è quella che risponde meglio.",
    "outcome_exact": "Come «esito accettato», contando solo il primo degli esiti che il caso "
                     "accetta.",
    "MRR": "Quanto in alto sta il passaggio giusto: 1 se è il primo, un mezzo se è il secondo.",
    "nDCG@10": "Se i dieci passaggi trovati sono nell'ordine migliore: 1 è l'ordine migliore.",
    "MAP": "Se tutti i passaggi che rispondono stanno in alto, e non uno solo.",
    "R-precision": "Dei primi passaggi, tanti quanti ne rispondono, quanti rispondono davvero.",
}  # fmt: skip
# Those that only who develops the search looks at: told after the others, folded away.
FOR_DEVELOPERS = ("outcome_exact", "MRR", "nDCG@10", "MAP", "R-precision")
