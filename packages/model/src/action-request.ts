import { z } from 'zod';
import { ScriptName } from './names.js';

/** Body of `POST /action/trigger`. */
export const ActionRequest = z.looseObject({ action_name: ScriptName, input: z.unknown().optional() });
export type ActionRequest = z.infer<typeof ActionRequest>;

/** Answer to an asynchronous trigger: where its result will be. */
export const AsyncActionAnswer = z.object({ id: z.uuid(), statusUrl: z.string() });
export type AsyncActionAnswer = z.infer<typeof AsyncActionAnswer>;
