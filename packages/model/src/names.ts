import { z } from 'zod';

/** An integration's key within its environment, e.g. `github-prod`. */
export const ProviderConfigKey = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[a-zA-Z0-9~:.@ _-]+$/, 'may hold letters, digits and ~ : . @ _ - and spaces');

/** The product's own name for a connection. */
export const ConnectionId = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[a-zA-Z0-9,.;:=+~[\]|@${}"'\\/_ -]+$/, 'holds a character that a connection id may not have');

/** A sync's, action's or event script's name. */
export const ScriptName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[a-zA-Z0-9_-]+$/, 'may hold letters, digits, _ and -');

/** A model's name, with `::variant` where the sync has one. */
export const ModelName = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[a-zA-Z0-9_-]+(::[a-zA-Z0-9_-]+)?$/, 'may hold letters, digits, _ and -');

/** The variant every sync has. */
export const baseVariant = 'base';
