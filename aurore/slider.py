"""La glissière des panneaux : celle d'ipywidgets n'a pas de nom pour qui écoute sa page, et ses nombres sont à l'anglaise."""

import functools
from pathlib import Path
from typing import Any

_STATIC = Path(__file__).parent / "widgets/static"


def slider(description: str, low: float, high: float, step: float = 1, **named: Any) -> Any:
    """Un réglage de `low` à `high`, entier si le pas l'est.

    `named` : `value`, `disabled`, `continuous_update` (faux : la valeur ne part qu'au relâchement), `layout`.
    """
    kind = _kinds()[isinstance(step, int)]
    return kind(description=description, min=low, max=high, step=step, **{"value": low, **named})


@functools.cache
def _kinds() -> tuple[Any, Any]:
    """Les deux sortes de glissières, à virgule et entière ; anywidget ne se charge que si un panneau s'ouvre."""
    import anywidget
    import traitlets

    class Slider(anywidget.AnyWidget):
        _esm = _STATIC / "slider.js"
        _css = _STATIC / "slider.css"
        description = traitlets.Unicode().tag(sync=True)
        value = traitlets.Float().tag(sync=True)
        min = traitlets.Float().tag(sync=True)
        max = traitlets.Float().tag(sync=True)
        step = traitlets.Float().tag(sync=True)
        disabled = traitlets.Bool(False).tag(sync=True)
        continuous_update = traitlets.Bool(True).tag(sync=True)

    class WholeSlider(Slider):
        value = traitlets.Int().tag(sync=True)

    return Slider, WholeSlider
