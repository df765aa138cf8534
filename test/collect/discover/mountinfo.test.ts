import { describe, expect, test } from 'vitest'
import { inodeOf, netnsIdOf, netnsMounts } from '../../../src/collect/discover/mountinfo.ts'

const mountsIn = (text: string | Buffer) => netnsMounts(Buffer.from(text))

// Lines as Linux 6.18 wrote them, but for the inode numbers.
const named = '66 65 0:4 net:[4026532248] /run/netns/a rw shared:2 - nsfs nsfs rw'

describe('network namespaces in mountinfo', () => {
  test('are told from other file systems and other types of namespace', () => {
    const lines = [
      '27 1 254:0 / / rw,relatime - ext4 /dev/vda rw,discard',
      named,
      '67 65 0:4 mnt:[4026532300] /run/snapd/ns/lxd.mnt rw - nsfs nsfs rw',
      '68 65 0:4 net:[4026532301] /run/fake rw - ext4 nsfs rw',
      '',
    ]
    expect(mountsIn(lines.join('\n'))).toEqual([
      { id: '4026532248', mountPoint: '/run/netns/a', unreachable: null },
    ])
  })

  test('may have any number of optional fields', () => {
    for (const optional of ['', 'shared:2 ', 'shared:2 master:1 propagate_from:9 ', 'unbindable ']) {
      const line = `66 65 0:4 net:[12] /run/netns/a rw ${optional}- nsfs nsfs rw`
      expect(mountsIn(line)).toHaveLength(1)
    }
  })

  test('have their mount points unescaped once', () => {
    const paths = {
      'c\\040d': 'c d',
      'x\\012y': 'x\ny',
      'a\\011b': 'a\tb',
      'q\\134040': 'q\\040',
      'h\\043': 'h#',
    }
    for (const [escaped, path] of Object.entries(paths)) {
      const line = named.replace('/run/netns/a', `/run/netns/${escaped}`)
      expect(mountsIn(line)[0]?.mountPoint).toBe(`/run/netns/${path}`)
    }
  })

  test('keep their UTF-8, and are marked where they are not UTF-8', () => {
    expect(mountsIn(named.replace('/a', '/grün'))[0]).toMatchObject({
      mountPoint: '/run/netns/grün',
      unreachable: null,
    })
    const bytes = Buffer.from(named.replace('/a', '/\u00ff'), 'latin1')
    expect(mountsIn(bytes)[0]).toMatchObject({ id: '4026532248', unreachable: 'not UTF-8' })
  })

  test('are marked where the mount point was deleted', () => {
    expect(mountsIn(named.replace('/a', '/a//deleted'))[0]).toEqual({
      id: '4026532248',
      mountPoint: '/run/netns/a',
      unreachable: 'deleted',
    })
  })

  test('are not made of broken lines', () => {
    const broken = [
      '66 65 0:4 net:[] /x rw - nsfs nsfs rw',
      '66 65 0:4 net:[12 /x rw - nsfs nsfs rw',
      ' - nsfs ',
      '66 65 0:4 net:[-1] /x rw - nsfs nsfs rw',
      '66 65 0:4 net:[1e9] /x rw - nsfs nsfs rw',
    ]
    expect(mountsIn(broken.join('\n'))).toEqual([])
  })
})

test('a link tells type and inode', () => {
  expect(netnsIdOf('net:[4026531833]')).toBe('4026531833')
  expect(netnsIdOf('mnt:[4026531833]')).toBeNull()
  expect(netnsIdOf('/net:[4026531833]')).toBeNull()
  expect(netnsIdOf('net:[4026531833] (deleted)')).toBeNull()
  expect(inodeOf('mnt:[7]', 'mnt')).toBe('7')
})
