/** The file format's name and version; without zod, so that whoever writes a World need not load it. */
export const worldFormat = 'vethscope-world'
/** 1.1 added engines, firewall and conntrack. */
export const worldVersion = { major: 1, minor: 1 } as const
