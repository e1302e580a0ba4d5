# Writes bytes as a NumPy file.
param(
    [Parameter(Mandatory)] [string] $Path, [Parameter(Mandatory)] [string] $Type, [Parameter(Mandatory)] [int[]] $Shape,
    [Parameter(Mandatory)] [byte[]] $Bytes)

$header = "{'descr': '$Type', 'fortran_order': False, 'shape': ($($Shape -join ', '),), }".PadRight(117) + "`n"
[System.IO.File]::WriteAllBytes($Path, [byte[]](
        @(0x93) + [System.Text.Encoding]::ASCII.GetBytes('NUMPY') + 1, 0, 118, 0 +
        [System.Text.Encoding]::ASCII.GetBytes($header) + $Bytes))
