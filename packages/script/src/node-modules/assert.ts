type Check = { (value: unknown, message?: string): void; ok: Check; equal(actual: unknown, expected: unknown, message?: string): void };

function check(value: unknown, message = 'The value is not truthy'): void {
  if (!value) throw new Error(message);
}

/** What libraries use of `node:assert`. */
export const assert: Check = Object.assign(check, {
  ok: check as Check,
  // As Node has it: loosely.
  // oxlint-disable-next-line eqeqeq
  equal: (actual: unknown, expected: unknown, message?: string): void => check(actual == expected, message),
});
