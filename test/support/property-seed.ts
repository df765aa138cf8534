/**
 * Random seeds find new faults while someone works and can look at them; where a commit is judged (CI=true) the same
 * commit must always get the same answer. FC_SEED repeats one run.
 */
import { configureGlobal } from 'fast-check'

const seed = process.env['FC_SEED'] ?? (process.env['CI'] === 'true' ? '20261121' : undefined)
if (seed !== undefined) configureGlobal({ seed: Number(seed) })
