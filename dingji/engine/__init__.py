"""Where work runs: which files there are, the processes that read them, a cluster, and what was read before.

`inputs` finds files and fetches their bytes; `readers` are the reading processes; `work` splits files into tasks for
any executor; `cluster` is the executor of many machines; `cache` keeps readings; `lock` keeps a second run out.
"""
