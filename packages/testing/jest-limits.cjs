// Tests wait for conditions with limits of their own, on machines that have other things to do; this one only catches a test
// that hangs.
jest.setTimeout(300_000);
