"""The language that a text is written in, by its small words: Indonesian, Javanese, Sundanese or English."""

from __future__ import annotations

from collections.abc import Sequence

_SMALL_WORDS = {
    "id": """yang yg dan di ke dari untuk utk dengan dgn tidak tdk tak gak ga nggak belum blm sudah sdh udah ada ini
    itu saya sy kami kita mohon tolong karena krn pada oleh atau juga jadi lagi akan bisa sangat kalau agar supaya
    kapan kenapa bagaimana mengapa sering selalu harus telah sejak para setiap tapi tetapi dalam hari jalan""",
    "jv": """ora mboten ndak dereng durung sampun wis uwis kulo kula aku sing kanggo karo kalih iki niki iku niku kuwi
    neng nang wonten ing lan utawa nanging amargi amarga mergo yen nek pripun piye kok arep badhe saget iso nyuwun
    tulung dalan dalane banyu omah sanget banget kabeh sedaya wong tiyang mriki kene kulo niki njaluk""",
    "su": """teu henteu moal acan tos atos parantos geus abdi kuring urang anu nu kanggo sareng jeung ieu eta dina ti
    aya kedah kudu kumaha naha iraha mun upami tapi ngan hoyong punten tulungan jalanna cai imah pisan sadaya jalma
    didieu di dieu kami hatur nuhun atuh mah teh""",
    "en": """the a an of and to in on at from for with not is are was were has have had been be this that these there
    i we my our you your they it please because but or when why how since very every road water""",
}
_WORDS = {language: frozenset(words.split()) for language, words in _SMALL_WORDS.items()}
_ENOUGH = 2


def language_of(text: Sequence[str]) -> str | None:
    """The ISO 639-1 code of the language of a text's words (see `gateway.wording.words`); None when it is not plain.

    A language counts only by words that no other of them has, and must be ahead of each other.
    """
    distinct = set(text)
    counts = sorted(((len(own & distinct), language) for language, own in _OWN.items()), reverse=True)
    (most, language), (next_most, _) = counts[:2]
    return language if most >= _ENOUGH and most > next_most else None


_OWN = {
    language: own - frozenset().union(*(other for name, other in _WORDS.items() if name != language))
    for language, own in _WORDS.items()
}
