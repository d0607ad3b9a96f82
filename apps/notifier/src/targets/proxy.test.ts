import { proxyFor } from './proxy.ts';

const proxy = 'http://proxy.example:3128';

test.each([
  ['no variable is set', {}, undefined],
  ['HTTPS_PROXY is set', { HTTPS_PROXY: proxy }, proxy],
  ['only HTTP_PROXY is set', { HTTP_PROXY: proxy }, proxy],
  ['the variable in lower case is empty', { https_proxy: '', HTTPS_PROXY: proxy }, undefined],
  ['NO_PROXY names the host', { HTTPS_PROXY: proxy, NO_PROXY: 'x.example, MAIL.house.example' }, undefined],
  ['NO_PROXY names the domain', { HTTPS_PROXY: proxy, NO_PROXY: 'house.example' }, undefined],
  ['NO_PROXY names the domain with a dot', { HTTPS_PROXY: proxy, NO_PROXY: '.house.example' }, undefined],
  ['NO_PROXY names host and port', { HTTPS_PROXY: proxy, NO_PROXY: 'mail.house.example:587' }, undefined],
  ['NO_PROXY names another port', { HTTPS_PROXY: proxy, NO_PROXY: 'mail.house.example:25' }, proxy],
  ['NO_PROXY names another host', { HTTPS_PROXY: proxy, NO_PROXY: 'other.example,ouse.example' }, proxy],
  ['NO_PROXY excepts every host', { HTTPS_PROXY: proxy, NO_PROXY: '*' }, undefined],
])('reaches the mail server the same way as the other targets when %s', (_case, env, expected) => {
  expect(proxyFor('mail.house.example', 587, env)).toBe(expected);
});
