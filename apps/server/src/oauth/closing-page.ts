import { randomBytes } from 'node:crypto';
import type { FastifyReply } from 'fastify';
import type { OAuthErrorType, OAuthMessage } from 'model';

/** What the popup shows at its end: how the flow ended, and whom to tell. */
export type ClosingPage = { message: OAuthMessage; wsClientId?: string | null | undefined; status?: number };

const style = `:root{color-scheme:light dark;--ink:#151922;--muted:#5c6576;--page:#f4f5f8;--panel:#fff;--line:#e3e6ec;--good:#15803d;--bad:#b91c1c}
@media (prefers-color-scheme:dark){:root{--ink:#eef0f4;--muted:#98a1b3;--page:#0b0d11;--panel:#161920;--line:#2a2f3a;--good:#4ade80;--bad:#f87171}}
*{box-sizing:border-box}body{margin:0;min-height:100dvh;display:grid;place-items:center;padding:1rem;background:var(--page);color:var(--ink);font:15px/1.5 ui-sans-serif,system-ui,sans-serif}
main{width:100%;max-width:26rem;padding:2rem;background:var(--panel);border:1px solid var(--line);border-radius:1rem;text-align:center;overflow-wrap:anywhere}
h1{margin:0 0 .75rem;font-size:1.15rem;text-wrap:balance}p{margin:.5rem 0;color:var(--muted)}
.mark{display:grid;place-items:center;width:3.5rem;height:3.5rem;margin:0 auto 1rem;border-radius:50%;font-size:1.6rem;color:var(--good);background:color-mix(in srgb,currentColor 12%,transparent)}.bad .mark{color:var(--bad)}
code{font-size:.8rem}`;

// Codes leave the address, pages of this origin hear of the end, and the window closes itself where the browser lets it.
const script = `const end=JSON.parse(document.getElementById('end').textContent);
history.replaceState(null,'',location.pathname);
if(end.ws_client_id){const channel=new BroadcastChannel('nango-oauth-callback');channel.postMessage(end);channel.close();}
if(end.result.message_type==='success')setTimeout(()=>window.close(),50);`;

/** Answers with the page that ends a popup. Nothing on it comes from elsewhere, and no other page learns its address. */
export function sendClosingPage(reply: FastifyReply, page: ClosingPage): void {
  const nonce = randomBytes(16).toString('base64');
  const isGood = page.message.message_type === 'success';
  void reply
    .status(page.status ?? (isGood ? 200 : 400))
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': `default-src 'none'; script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
    })
    .send(html(page, nonce));
}

function html({ message, wsClientId }: ClosingPage, nonce: string): string {
  const { title, lines } = words(message);
  const isGood = message.message_type === 'success';
  const end = JSON.stringify({ ws_client_id: wsClientId ?? null, result: message }).replaceAll('<', '\\u003c');
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><meta name="robots" content="noindex">
<title>${escaped(title)}</title><style nonce="${nonce}">${style}</style></head>
<body><main class="${isGood ? 'good' : 'bad'}" role="${isGood ? 'status' : 'alert'}"><div class="mark" aria-hidden="true">${isGood ? '&#10003;' : '!'}</div><h1>${escaped(title)}</h1>${lines.map((line) => `<p>${escaped(line)}</p>`).join('')}</main>
<script nonce="${nonce}" type="application/json" id="end">${end}</script><script nonce="${nonce}">${script}</script></body></html>`;
}

function words(message: OAuthMessage): { title: string; lines: string[] } {
  if (message.message_type === 'success')
    return message.is_pending
      ? {
          title: 'Waiting for approval',
          lines: ['An administrator has been asked to approve. The connection is completed as soon as they have. You can close this window.'],
        }
      : { title: 'Connected', lines: ['You can close this window and go back to the app.'] };
  return { title: 'The connection was not made', lines: [message.error_desc, whatToDo[message.error_type] ?? tryAgain] };
}

const tryAgain = 'Close this window and try again. If it happens again, tell the support of the app that you came from.';
const askTheTeam = 'This is for the team behind the app to mend: tell its support what is written here.';
const checkValues = 'Close this window, check what you typed, and try again.';

/** What the person in front of the popup can do about each failure. */
const whatToDo: Partial<Record<OAuthErrorType, string>> = {
  state_err: 'Close this window and start again in the app.',
  state_cookie_err: 'Close this window and start again in the app, in one and the same browser.',
  url_param_err: checkValues,
  connection_test_failed: checkValues,
  unknown_config_key: askTheTeam,
  provider_config_err: askTheTeam,
  auth_mode_err: askTheTeam,
  grant_type_err: askTheTeam,
  missing_hmac: askTheTeam,
  invalid_hmac: askTheTeam,
  forbidden: askTheTeam,
  integration_not_allowed: askTheTeam,
  account_or_environment_retrieval_err: 'The session may have ended. Close this window and start again in the app.',
};

function escaped(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (sign) => entities[sign] ?? sign);
}
