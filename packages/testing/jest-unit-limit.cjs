// A unit test that takes longer than this belongs to the integration tests, or has to get smaller.
jest.setTimeout(10_000);
