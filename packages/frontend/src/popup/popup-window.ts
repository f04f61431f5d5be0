import { AuthError } from '../auth-error.js';

/**
 * Opens an empty popup in the middle of the product's window. Must run before anything asynchronous: browsers allow
 * a popup only during the click that asked for it.
 *
 * @throws AuthError `blocked_by_browser`
 */
export function openPopupWindow(width: number, height: number): Window {
  if (typeof window === 'undefined') throw new AuthError('A popup can be opened in a browser only.', 'blocked_by_browser');
  const left = Math.round(window.screenX + (window.outerWidth - width) / 2);
  const top = Math.round(window.screenY + (window.outerHeight - height) / 2);
  const features = `popup,width=${width},height=${height},left=${left},top=${top},resizable=yes,scrollbars=yes`;
  const popup = window.open('', '_blank', features);
  // Some popup blockers answer with an object that is not a window.
  if (!popup || popup.closed === undefined)
    throw new AuthError('The browser blocked the popup. Allow popups for this page and try again.', 'blocked_by_browser');
  return popup;
}
