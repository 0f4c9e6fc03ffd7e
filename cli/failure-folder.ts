/** Where waveform and picture of a failure go if no folder is given. */
export const failureFolder = 'narrowgate-failure';
