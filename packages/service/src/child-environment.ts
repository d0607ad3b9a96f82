/**
 * Variables that any program may need: where it finds programs, libraries and temporary folders, its language, its certificates and
 * proxies, and the graphics and thread settings of ffmpeg and ONNX Runtime. A name that ends in `*` is a prefix.
 */
const passedOn = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'TMPDIR', 'TZ', 'LANG', 'LANGUAGE', 'LC_*', 'XDG_*'],
  ...['LD_LIBRARY_PATH', 'NODE_ENV', 'NODE_OPTIONS', 'NODE_EXTRA_CA_CERTS', 'SSL_CERT_FILE', 'SSL_CERT_DIR'],
  ...['http_proxy', 'https_proxy', 'no_proxy', 'HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'],
  ...['LIBVA_*', 'VDPAU_*', 'CUDA_*', 'NVIDIA_*', 'VK_*', 'DRI_PRIME', 'OMP_*', 'ORT_*', 'FFREPORT'],
];

/**
 * Returns the environment for a program that this process starts. Only what the list and `more` name is passed on: passwords of the
 * broker, of cameras and of Elasticsearch stay in the process that uses them.
 *
 * @param more names of further variables that this program reads
 */
export function childEnvironment(
  env: NodeJS.ProcessEnv = process.env,
  more: readonly string[] = [],
): NodeJS.ProcessEnv {
  const names = [...passedOn, ...more];
  return Object.fromEntries(Object.entries(env).filter(([name]) => names.some((pattern) => isNamed(name, pattern))));
}

function isNamed(name: string, pattern: string): boolean {
  return pattern.endsWith('*') ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
}
