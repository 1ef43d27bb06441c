"""What calls cost: a dated list of prices in USD per million tokens, shipped and the owner's own.

A model without a price on the day is not called: not knowing a price is no reason to spend.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from importlib.resources import files
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from scenarios.documents import PackError, parse_document, read_bytes
from scoring.language_model import Usage

SETTING = "HOTSEAT_PRICES"
"""The setting that names the owner's own file."""

_MILLION = 1_000_000


class PriceFileError(Exception):
    """A price file cannot be used; the message has a line for each fault, with file and key."""


class UnknownPriceError(Exception):
    """No price is known for the model on that day, so nothing may be spent on it."""


_Usd = Annotated[float, Field(strict=True, ge=0, allow_inf_nan=False)]
_Text = Annotated[str, Field(min_length=1)]


class Rates(BaseModel):
    """USD per million tokens, by what was done with them."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    input: _Usd
    output: _Usd
    cache_write_5m: _Usd
    cache_write_1h: _Usd
    cache_read: _Usd

    def cost_usd(self, usage: Usage) -> float:
        """What the tokens cost at these rates."""
        return (
            usage.input * self.input
            + usage.output * self.output
            + usage.cache_write_5m * self.cache_write_5m
            + usage.cache_write_1h * self.cache_write_1h
            + usage.cache_read * self.cache_read
        ) / _MILLION

    def bound_usd(self, prompt_tokens: int, max_tokens: int) -> float:
        """The most that so many tokens can cost at these rates, however the cache is used."""
        dearest = max(self.input, self.cache_write_5m, self.cache_write_1h, self.cache_read)
        return (prompt_tokens * dearest + max_tokens * self.output) / _MILLION


class LongPrompt(Rates):
    """The rates of every token of a call whose prompt has more than `above_tokens`."""

    above_tokens: Annotated[int, Field(strict=True, gt=0)]


class Price(Rates):
    """The price of a model from the day `valid_from` on, as `source` had it on the day `read`."""

    valid_from: Annotated[date, Field(alias="from")]
    long_prompt: LongPrompt | None = None
    source: _Text
    read: date

    def cost_usd(self, usage: Usage) -> float:
        """What the call costs; a long prompt changes the rates of all its tokens."""
        if self.long_prompt is not None and usage.prompt > self.long_prompt.above_tokens:
            return self.long_prompt.cost_usd(usage)
        return super().cost_usd(usage)

    def bound_usd(self, prompt_tokens: int, max_tokens: int) -> float:
        """The most that a call with at most so many tokens can cost, writing the cache included."""
        bound = super().bound_usd(prompt_tokens, max_tokens)
        if self.long_prompt is not None and prompt_tokens > self.long_prompt.above_tokens:
            return max(bound, self.long_prompt.bound_usd(prompt_tokens, max_tokens))
        return bound


class _PriceFile(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)

    models: Annotated[dict[_Text, tuple[Price, ...]], Field(min_length=1)]

    @field_validator("models")
    @classmethod
    def _are_told_apart_by_date(
        cls, models: dict[str, tuple[Price, ...]]
    ) -> dict[str, tuple[Price, ...]]:
        for model, prices in models.items():
            if not prices:
                raise ValueError(f"{model} has no price: give one, or leave the model out")
            if len({price.valid_from for price in prices}) < len(prices):
                raise ValueError(f"{model} has two prices from the same day: keep one of them")
        return models


@dataclass(frozen=True)
class PriceList:
    """Prices by model; `own` is the owner's file, where there is one."""

    models: Mapping[str, tuple[Price, ...]]
    own: Path | None = None

    def price(self, model: str, on: date) -> Price:
        """The model's price on that day; raises `UnknownPriceError`."""
        known = [price for price in self.models.get(model, ()) if price.valid_from <= on]
        if known:
            return max(known, key=lambda price: price.valid_from)
        where = str(self.own) if self.own else f"a file of your own and name it in {SETTING}"
        raise UnknownPriceError(
            f"no price is known for the model {model!r} on {on}, so it was not called; add it with "
            f"its prices in USD per million tokens to {where}, in the shape of "
            "interviewer/prices.yaml"
        )


def load_prices(own: Path | None = None) -> PriceList:
    """The shipped prices, and the owner's: a model in `own` has the prices given there alone.

    Raises `PriceFileError`.
    """
    shipped = _read(Path(str(files("interviewer").joinpath("prices.yaml"))))
    return PriceList(shipped | (_read(own) if own else {}), own)


def _read(path: Path) -> dict[str, tuple[Price, ...]]:
    try:
        document = parse_document(path, read_bytes(path))
    except PackError as err:
        raise PriceFileError(str(err)) from err
    try:
        return _PriceFile.model_validate(document.values).models
    except ValidationError as err:
        faults = (document.problem(fault["loc"], fault["msg"]) for fault in err.errors())
        raise PriceFileError("\n".join(map(str, faults))) from err
