import { unavailable } from './unavailable.js';

const why = 'they open no connections; use nango.post(), nango.uncontrolledFetch() and the like';

/** The client under the Bot Framework's REST calls: a serializer is made when it is imported, the rest only to call. */
export const azureCoreClient = { createSerializer: () => ({}), ServiceClient: unavailable('@azure/core-client.ServiceClient', why) };
