import { z } from 'zod';

/** What an environment lets its scripts do, and what it refuses of them; all off unless set. */
export const ScriptSettings = z.strictObject({
  /** Scripts may read and call with other connections of the environment. */
  use_other_connections: z.boolean(),
  /** What does not fit its model is refused; else it is only told in the log. */
  validate_action_input: z.boolean(),
  validate_action_output: z.boolean(),
  validate_sync_records: z.boolean(),
});
export type ScriptSettings = z.infer<typeof ScriptSettings>;

/** Body of `PATCH /environment/scripts`: what is absent stays. */
export const ScriptSettingsPatch = ScriptSettings.partial();
export type ScriptSettingsPatch = z.infer<typeof ScriptSettingsPatch>;
