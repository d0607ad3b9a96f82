// Tests with real processes wait for conditions with limits of their own; this one only catches a test that hangs.
jest.setTimeout(120_000);
