import { relyingPartyOf } from './relying-party.ts';

describe('what passkeys are bound to', () => {
  it.each([
    ['https://console.example/vigilia/', { id: 'console.example', origin: 'https://console.example' }],
    ['https://console.example:8443/', { id: 'console.example', origin: 'https://console.example:8443' }],
    ['http://localhost:8080/', { id: 'localhost', origin: 'http://localhost:8080' }],
    [undefined, 'no_page_url'],
    ['http://console.example/', 'not_https'],
    ['https://192.168.1.10/', 'no_host_name'],
    ['http://127.0.0.1:8080/', 'no_host_name'],
    ['https://[fd00::1]/', 'no_host_name'],
  ])('is for the page %s %j', (pageUrl, expected) => {
    expect(relyingPartyOf(pageUrl)).toEqual(expected);
  });
});
