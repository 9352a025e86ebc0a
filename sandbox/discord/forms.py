"""Bodies of requests as models, refused in Discord's shape when they break a rule."""

from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator
from pydantic_core import PydanticCustomError

from sandbox.discord.errors import invalid_form
from sandbox.discord.values import Json


class Form(BaseModel):
    """A body of which Discord reads the fields it knows."""

    model_config = ConfigDict(extra="ignore", coerce_numbers_to_str=True)

    def wire(self) -> Json:
        """Return the fields that were given, as JSON."""
        return self.model_dump(exclude_unset=True, exclude_none=True, mode="json")


class Lenient(Form):
    """A body in which null stands for "not given", as Discord reads components."""

    @model_validator(mode="before")
    @classmethod
    def without_nulls(cls, body: Any) -> Any:
        """Drop what is null."""
        if not isinstance(body, dict):
            return body
        fields: Json = body  # pyright: ignore[reportUnknownVariableType]
        return {name: value for name, value in fields.items() if value is not None}


F = TypeVar("F", bound=Form)


def read(form: type[F], body: Any, *root: str | int) -> F:
    """Validate a body, or refuse it with 50035."""
    try:
        return form.model_validate(body)
    except ValidationError as error:
        raise invalid_form(error, root) from error


def broken(code: str, message: str) -> PydanticCustomError:
    """Return a finding with Discord's own code."""
    return PydanticCustomError(code, "{message}", {"message": message})  # pyright: ignore[reportArgumentType]


def _snowflake(value: Any) -> str:
    text = str(value)
    if not text.isascii() or not text.isdigit():
        raise broken("NUMBER_TYPE_COERCE", f'Value "{text}" is not snowflake.')
    return text


SnowflakeId = Annotated[str, BeforeValidator(_snowflake)]
