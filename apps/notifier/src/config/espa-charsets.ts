/** How letters that ASCII lacks are written on the line. */
export const charsets = ['ascii', 'latin1', 'iso646-es', 'iso646-de', 'iso646-se'] as const;
export type Charset = (typeof charsets)[number];
