import type { Zone } from './name-server.js';

/** A place that no call may reach, under its number in the reliability document. */
export type SsrfTarget = { number: number; url: string };

/**
 * What the targets need around them. `names` is the domain that a test's name server answers for, `upstream` an allowed API
 * that redirects where its path says, `secure` the same over TLS, `own` the platform's own public URL.
 */
export type SsrfSurroundings = { names: string; upstream: string; secure: string; own: string; port: number };

const literal = `
  http://127.0.0.1/ http://127.0.0.1:5432/ http://127.1/ http://2130706433/ http://0x7f000001/ http://0177.0.0.1/ http://0/ http://0.0.0.0/
  http://localhost/ http://localhost./ http://LOCALHOST%2e/ http://foo.localhost/ http://[::1]/ http://[::]/ http://[::ffff:127.0.0.1]/
  http://[::ffff:7f00:1]/ http://[::127.0.0.1]/ http://[64:ff9b::7f00:1]/ http://[64:ff9b::a9fe:a9fe]/ http://[64:ff9b:1::1]/
  http://[2002:7f00:1::]/ http://[2002:a9fe:a9fe::]/ http://[2001:0:7f00:1::]/ http://[fe80::1]/ http://[fec0::1]/ http://[fc00::1]/
  http://[fd00:ec2::254]/ http://[ff02::1]/ http://169.254.169.254/latest/meta-data/ http://169.254.170.2/ http://169.254.0.1/
  http://0251.0376.0251.0376/ http://169。254。169。254/ http://①⑥⑨.②⑤④.①⑥⑨.②⑤④/ http://user@169.254.169.254/
  http://api.example.com@169.254.169.254/ http://169.254.169.254#@api.example.com/ http://metadata.google.internal/ http://metadata.goog/
  http://100.100.100.200/ http://192.0.0.192/ http://168.63.129.16/ http://10.0.0.1/ http://172.16.0.1/ http://172.31.255.255/
  http://192.168.1.1/ http://100.64.0.1/ http://198.18.0.1/ http://224.0.0.1/ http://240.0.0.1/ http://255.255.255.255/ http://192.0.2.1/`
  .trim()
  .split(/\s+/);

const schemes = ['file:///etc/passwd', 'gopher://127.0.0.1:6379/_INFO', 'http+unix://%2Fvar%2Frun%2Fdocker.sock/info'];

/** What the names of targets 53 to 56 resolve to, question by question; the last answer stays. */
const answers: Record<string, readonly (readonly string[])[]> = {
  inside: [['127.0.0.1']],
  mixed: [['93.184.215.14', '10.0.0.1']],
  rebinding: [['93.184.215.14'], ['127.0.0.1']],
  mapped: [['::ffff:10.0.0.1']],
};

/** The zone that targets 53 to 56 need. The rebinding one has to be asked once before: only from then on it lies. */
export function ssrfZone(domain: string): Zone {
  return (name, turn) => {
    const turns = (name.endsWith(`.${domain}`) && answers[name.slice(0, -domain.length - 1)]) || [[]];
    return turns[Math.min(turn, turns.length - 1)] ?? [];
  };
}

/** The 64 targets. Where one names no port it gets `port`, so that a listener on this machine would notice. */
export function ssrfTargets({ names, upstream, secure, own, port }: SsrfSurroundings): SsrfTarget[] {
  const hops = Array.from({ length: 5 }).reduce<string>((next) => to(upstream, next), 'http://10.0.0.1/');
  const urls = [
    ...literal,
    ...Object.keys(answers).map((name) => `http://${name}.${names}/`),
    to(upstream, 'http://169.254.169.254/'),
    to(upstream, 'http://127.0.0.1:7233/'),
    hops,
    to(secure, upstream),
    ...schemes,
    own,
  ];
  return urls.map((url, index) => ({ number: index + 1, url: withPort(url, port) }));
}

const to = (root: string, target: string): string => `${root}/redirect?to=${encodeURIComponent(target)}`;

function withPort(url: string, port: number): string {
  return url.replace(/^http:\/\/([^/#?]+)(?=[/#?]|$)/, (whole, authority: string) => (/:\d+$/.test(authority) ? whole : `http://${authority}:${port}`));
}
