Describe 'build.ps1' {
    It 'has the verbs of build.sh, hands on the exit code, and leaves the current folder as it is' {
        $root = Split-Path (Split-Path $PSScriptRoot)
        Push-Location $TestDrive
        $said = & (Join-Path $root 'build.ps1') nonsense 2>&1 | ForEach-Object ToString
        $LASTEXITCODE | Should -Be 2
        $PWD.ProviderPath | Should -Be (Get-Item $TestDrive).FullName
        Pop-Location
        $said -match '^  \w+ ' -replace '^  (\w+) .*', '$1' |
            Should -Be @('build', 'test', 'demo', 'data', 'bench', 'pack', 'docs', 'clean')
    }
}
