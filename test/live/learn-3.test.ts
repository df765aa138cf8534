/** docs/learn.md is true: chapter 3. */
import { playChapter } from './support-learn.ts'

playChapter(3)
