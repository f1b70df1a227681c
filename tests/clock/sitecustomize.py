"""On the path of each Python process that a test starts while it is another day there (see
`another_day`): the same moment there too."""

import os
import time

if shift := os.environ.get("BUSSOLA_TEST_SHIFT_S"):
    import time_machine

    time_machine.travel(time.time() + float(shift), tick=True).start()
