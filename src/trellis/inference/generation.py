"""The port for writing text: instructions, a few examples and a text in, the model's answer out.

Why so narrow: what a language model writes is never believed here. It is asked for a sentence or two at a time, whoever
asked holds the answer to its source, and an answer that isn't whole is no answer.

`NullGenerator` writes nothing. `local_generation` runs a model in this process, `remote_generation` asks a server;
`open_generator` chooses by name.
"""

from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    """What a model is asked: instructions, examples of a text with the answer wanted for it, and the text itself.

    `longest` is how many tokens the answer may have; one that needs more is cut, and a cut answer is `Unavailable`.
    """

    instructions: str
    text: str
    examples: tuple[tuple[str, str], ...] = ()
    longest: int = 128


class TextGenerator(Protocol):
    """Answers a prompt in words."""

    @property
    def model(self) -> str:
        """The model that answers, by a name and a version a record can keep."""
        ...

    def generate(self, prompt: Prompt) -> str:
        """The whole answer, nothing around it; empty where the model has none.

        The same prompt gives the same answer as far as the model allows (temperature 0). Raises `Unavailable` where no
        whole answer came in time; its message repeats neither prompt nor answer.
        """
        ...


class NullGenerator:
    """Writes nothing; for tests and for machines without a model."""

    @property
    def model(self) -> str:
        """None."""
        return "none"

    def generate(self, prompt: Prompt) -> str:
        """No answer."""
        del prompt
        return ""


def messages_of(prompt: Prompt) -> list[dict[str, str]]:
    """The prompt as the messages of a chat: instructions, examples as if they had been answered, the text."""
    told = [{"role": "system", "content": prompt.instructions}]
    for text, answer in prompt.examples:
        told += [{"role": "user", "content": text}, {"role": "assistant", "content": answer}]
    return [*told, {"role": "user", "content": prompt.text}]
