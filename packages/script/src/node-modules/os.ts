/** What libraries ask of the machine to put it into a user agent; scripts know none. */
export const os = { arch: (): string => 'x64', type: (): string => 'Linux', release: (): string => '', platform: (): string => 'linux', EOL: '\n' };
