"""The rules of what may be said to a likely victim."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fraudguard.wording.bilingual import Bilingual
from fraudguard.wording.speech import fault_of_call_back, fault_of_speech


def _said(zh: str = "请慢慢说。", en: str = "Take your time.") -> Bilingual:
    return Bilingual(zh=zh, en=en)


@pytest.mark.parametrize(
    "zh",
    [
        "请把验证码告诉我。",
        "您能不能报一下密码？",
        "有没有密码？",
        "请您转账到这个账户，不用担心。",
        "麻烦您先把卡号念给我。",
        "钱先转到我们这里，没关系的。",
        "特别请您告诉我密码。",
    ],
)
def test_chinese_request_is_refused(zh: str) -> None:
    """To ask for a code, a password or money is refused, however politely."""
    fault = fault_of_speech(_said(zh=zh))

    assert fault is not None
    assert "asks for a code" in fault.en


@pytest.mark.parametrize(
    "en",
    [
        "Please read me the verification code.",
        "Could you transfer it to us?",
        "Tell me your password; it is not recorded.",
        "Send the money here.",
        "What is your card number?",
    ],
)
def test_english_request_is_refused(en: str) -> None:
    """The English side is held to the same."""
    fault = fault_of_speech(_said(en=en))

    assert fault is not None
    assert "asks for a code" in fault.en


@pytest.mark.parametrize(
    "text",
    [
        _said(zh="对方有没有让您念验证码？", en="Did they have you read out codes?"),
        _said(zh="不要把密码告诉任何人。", en="Do not tell anyone your password."),
        _said(zh="谁催您转账，都先停下。", en="Whoever asks you to transfer, stop first."),
        _said(zh="真客服不会让您转钱。", en="Real customer service will never have you send money."),
    ],
)
def test_talking_of_codes_is_not_asking(text: Bilingual) -> None:
    """To ask what the other side wants, or to warn, is what a script is for."""
    assert fault_of_speech(text) is None


@given(
    lead=st.text(alphabet="请您现在就把那个慢说好吧", max_size=8), secret=st.sampled_from(["密码", "验证码", "卡号"])
)
def test_request_is_refused_whatever_leads_to_it(lead: str, secret: str) -> None:
    """Words that neither refuse nor name another person do not make a request harmless."""
    assert fault_of_speech(_said(zh=f"先听我说，{lead}{secret}告诉我。")) is not None


@pytest.mark.parametrize(
    "text",
    [
        _said(zh="收款人有前科。"),
        _said(zh="对方账户上个月有投诉。"),
        _said(zh="那个账户有报案记录。"),
        _said(zh="这是个可疑账户。"),
        _said(en="That account has a record."),
        _said(en="The payee was reported by others."),
        _said(en="It is on our watch list."),
    ],
)
def test_payee_is_not_spoken_of(text: Bilingual) -> None:
    """What is known of the payee stays with the police, but the officer may be told not to say it."""
    fault = fault_of_speech(text)

    assert fault is not None
    assert "payee's record" in fault.en
    assert fault_of_speech(text, to_officer=True) is None


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (_said(zh="他是罪犯。"), "passes judgement"),
        (_said(zh="那是骗子。"), "passes judgement"),
        (_said(en="He is a criminal."), "passes judgement"),
        (_said(en="It is your own fault."), "passes judgement"),
        (_said(zh="不听的话后果自负。"), "is a threat"),
        (_said(en="Stop, or else."), "is a threat"),
        (_said(zh="请**停下**。"), "is markup"),
        (_said(en="Dial &nbsp;96110."), "is markup"),
        (_said(en="Hello {name}."), "is markup"),
        (_said(zh="请慢 慢说。"), "has a space"),
        (_said(zh="Please"), "is not Chinese"),
        (_said(en="Dial 96110 吧."), "is Chinese"),
    ],
)
def test_fault_is_named(text: Bilingual, said: str) -> None:
    """Judgement, threat, markup and the wrong language are refused, for the officer's eyes too."""
    faults = [fault_of_speech(text, to_officer=to_officer) for to_officer in (False, True)]

    assert [fault is not None and said in fault.en for fault in faults] == [True, True]


@pytest.mark.parametrize(("zh_length", "en_words", "is_fine"), [(60, 40, True), (61, 40, False), (60, 41, False)])
def test_sentence_is_as_long_as_a_breath(zh_length: int, en_words: int, *, is_fine: bool) -> None:
    """Sixty characters and forty words pass, one more does not; another sentence may follow."""
    zh, en = "说" * zh_length + "。请慢慢说。", "word " * (en_words - 1) + "word. Take your time."

    assert (fault_of_speech(_said(zh=zh, en=en)) is None) == is_fine


@pytest.mark.parametrize(
    ("zh", "en", "is_fine"),
    [
        ("请拨96110。", "Dial 96110.", True),
        ("请到任一派出所问。", "Ask at any police station.", True),
        ("请拨96110。", "Dial the number.", False),
        ("请相信我。", "Dial 96110.", False),
    ],
)
def test_caller_can_be_checked(zh: str, en: str, *, is_fine: bool) -> None:
    """96110 or a police station, named in both languages."""
    assert (fault_of_call_back(Bilingual(zh=zh, en=en)) is None) == is_fine
