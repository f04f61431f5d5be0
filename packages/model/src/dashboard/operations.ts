import { z } from 'zod';
import { LogMessage, Operation } from '../operation-log.js';

/** Answer of `GET /api/v1/operations?kind&status&integration&connection&before&limit`, newest first; `before` takes `next`. */
export const OperationPage = z.object({ operations: z.array(Operation), next: z.string().nullable() });
export type OperationPage = z.infer<typeof OperationPage>;

/** Answer of `GET /api/v1/operations/{id}`. */
export const OperationDetail = z.object({ operation: Operation, messages: z.array(LogMessage) });
export type OperationDetail = z.infer<typeof OperationDetail>;
