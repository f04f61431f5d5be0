export { type ErrorBodyOf, type FakeApi, type Failure, type ReceivedCall, startFakeApi } from './fake-api.js';
export { type AsanaTaskData, type FakeAsana, fakeAsana } from './asana.js';
export { type FakeSlack, fakeSlack, type SlackMessage } from './slack.js';
export { type DemoTracker, demoTracker, type DemoTrackerOptions } from './demo-tracker/demo-tracker.js';
export { type Issue, type Settings } from './demo-tracker/issues.js';
