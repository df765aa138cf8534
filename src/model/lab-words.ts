/** Words of labs that are needed where zod is not loaded. */
export const labDrivers = ['bridge', 'vxlan', 'macvlan', 'ipvlan'] as const
export const nodeModes = ['bridge', 'none', 'host', 'container'] as const

/** Stands in a link's ifalias, a rule's comment: whose it is. `vethscope:NETWORK`, `vethscope:NETWORK:NODE`, `vethscope` of a plain piece. */
export const labMark = 'vethscope'
