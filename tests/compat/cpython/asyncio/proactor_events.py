# proactor_events.py - in place of Windows' event loop, which tests import and do not use.
