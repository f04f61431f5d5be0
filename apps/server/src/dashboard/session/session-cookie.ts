/** The cookie that carries a dashboard session's token. */
export const sessionCookie = 'nango_session';

/** Out of reach for scripts and other sites; sent to the dashboard's API alone. */
export function cookieOptions(serverUrl: string) {
  return { httpOnly: true, sameSite: 'strict', secure: serverUrl.startsWith('https:'), path: '/api' } as const;
}
