import { z } from 'zod';

const Expiry = z.coerce.date().optional();
const Raw = z.record(z.string(), z.unknown()).default({});

/** A token of the OAuth 2.0 client credentials grant, with the client it was given to. */
export const ClientCredentials = z.object({
  type: z.literal('OAUTH2_CC'),
  token: z.string(),
  expires_at: Expiry,
  client_id: z.string(),
  client_secret: z.string(),
  raw: Raw,
});

/** A token of an installed app, such as a GitHub App's. */
export const AppCredentials = z.object({ type: z.literal('APP'), access_token: z.string(), expires_at: Expiry, raw: Raw });

/** A signed token of Apple's App Store Connect API, with the key it is signed with. */
export const AppStoreCredentials = z.object({ type: z.literal('APP_STORE'), access_token: z.string(), expires_at: Expiry, private_key: z.string(), raw: Raw });

/** A self-made JSON Web Token, with the provider's own fields that it is made from. */
export const JwtCredentials = z.looseObject({ type: z.literal('JWT'), token: z.string().optional(), expires_at: Expiry });

/** A token that was got by a request or several, with the provider's own fields that they send. */
export const TwoStepCredentials = z.looseObject({ type: z.literal('TWO_STEP'), token: z.string().optional(), expires_at: Expiry, raw: Raw });

/** A token made from a user name and a password, such as a WSSE header. */
export const SignatureCredentials = z.object({
  type: z.literal('SIGNATURE'),
  username: z.string(),
  password: z.string(),
  token: z.string().optional(),
  expires_at: Expiry,
});

/** A session of Bill.com's API, with the login that it is opened with. */
export const BillCredentials = z.object({
  type: z.literal('BILL'),
  username: z.string(),
  password: z.string(),
  organization_id: z.string(),
  dev_key: z.string(),
  session_id: z.string().optional(),
  user_id: z.string().optional(),
  expires_at: Expiry,
  raw: Raw,
});

/** A session of Tableau's API, with the personal access token that it is opened with. */
export const TableauCredentials = z.object({
  type: z.literal('TABLEAU'),
  pat_name: z.string(),
  pat_secret: z.string(),
  content_url: z.string().optional(),
  token: z.string().optional(),
  expires_at: Expiry,
  raw: Raw,
});

/** What a provider with a flow of its own was given: it alone knows how its calls are authorised. */
export const CustomCredentials = z.looseObject({ type: z.literal('CUSTOM'), raw: Raw });
