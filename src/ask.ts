/** Asks an engine for one change and prints its answer as JSON (change/apply/ask-engine.ts): composition only. */
import { text } from 'node:stream/consumers'
import { sendRequest, type EngineRequest } from './change/apply/send-request.ts'

// Who starts it is this program, and it says what is asked on standard input.
const answer = await sendRequest(JSON.parse(await text(process.stdin)) as EngineRequest)
process.stdout.write(JSON.stringify(answer))
