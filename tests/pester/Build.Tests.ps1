Describe 'build.ps1' {
    BeforeAll {
        $root = Split-Path (Split-Path $PSScriptRoot)
    }

    It 'has the verbs of build.sh' {
        $said = & (Join-Path $root 'build.ps1') help
        $LASTEXITCODE | Should -Be 0
        $said -match '^  \w+ ' -replace '^  (\w+) .*', '$1' | Should -Be @('build', 'test', 'demo', 'bench', 'pack', 'clean')
    }

    It 'hands on the exit code and leaves the current folder as it is' {
        Push-Location $TestDrive
        & (Join-Path $root 'build.ps1') nonsense 2>$null
        $LASTEXITCODE | Should -Be 2
        $PWD.ProviderPath | Should -Be (Get-Item $TestDrive).FullName
        Pop-Location
    }
}
