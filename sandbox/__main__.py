"""Run the sandbox: `python -m sandbox`."""

import gc

if __name__ == "__main__":
    # As the bot does it: loading makes next to nothing that could be collected.
    gc.disable()
    from sandbox.house import main

    gc.freeze()
    gc.enable()
    main()
