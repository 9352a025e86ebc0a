"""What can be chosen when clips are made: the fields of `POST /api/process`."""

from bot.domain.options import Option, OptionKind

LAYOUTS = ("auto", "split", "screencast", "speaker_cut", "punch_in")
"""The layouts OpenShorts' own command line names."""

LOW_QUALITY = Option(
    name="force_low_quality", label="Take a video of low resolution", kind=OptionKind.SWITCH
)

CLIP_OPTIONS = (
    Option(
        name="output_format",
        label="Format of the clips",
        kind=OptionKind.CHOICE,
        choices=("vertical", "horizontal", "square", "auto"),
    ),
    Option(
        name="layouts",
        label=f"Layouts: {', '.join(LAYOUTS)}",
        kind=OptionKind.LIST,
        maximum=len(LAYOUTS),
    ),
    LOW_QUALITY,
    Option(name="target_clips", label="Number of clips", kind=OptionKind.NUMBER, maximum=15),
    Option(name="clip_min_seconds", label="Shortest clip, seconds", kind=OptionKind.NUMBER),
    Option(name="clip_max_seconds", label="Longest clip, seconds", kind=OptionKind.NUMBER),
    Option(name="auto_hook", label="Write the hook into the picture", kind=OptionKind.SWITCH),
)
