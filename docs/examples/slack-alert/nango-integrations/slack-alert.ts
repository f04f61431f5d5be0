import { NangoAction, SlackAlertResponse } from './models';

interface Input {
  channel: string;
}

export default async function runAction(nango: NangoAction, input: Input): Promise<SlackAlertResponse> {
  if (!input?.channel) throw new nango.ActionError({ message: 'channel is missing: the id of a Slack channel, such as C02MPPQC8FK' });
  const { data } = await nango.post<{ ok: boolean; error?: string }>({
    endpoint: '/chat.postMessage',
    data: { channel: input.channel, text: 'Something needs your attention.' },
    retries: 0,
  });
  // Slack answers most problems with status 200 and ok: false.
  if (!data.ok) throw new nango.ActionError({ message: `Slack refused the message: ${data.error}` });
  return { ok: data.ok };
}
