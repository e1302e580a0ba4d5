# What the README tells a user to type at a PowerShell prompt, typed, with small sizes.

BeforeDiscovery {
    $root = Split-Path (Split-Path $PSScriptRoot)
    # Tutorial.Tests.ps1 goes through the tutorial.
    $pages = @(Get-Item (Join-Path $root 'README.md')) +
        @(Get-ChildItem (Join-Path $root 'docs') -Filter *.md | Where-Object Name -NE 'tutorial.md')
    $blocks = foreach ($page in $pages) {
        $number = 0
        foreach ($match in [regex]::Matches((Get-Content $page -Raw), '(?ms)^```powershell\r?\n(.*?)^```')) {
            $number++
            @{ Name = "$($page.Name), block $number"; Code = $match.Groups[1].Value; Slurm = $page.Name -eq 'cluster.md' }
        }
    }
}

Describe 'Commands of the documentation' {
    BeforeAll {
        . (Join-Path $PSScriptRoot 'SmallSetting.ps1')
        $root = Split-Path (Split-Path $PSScriptRoot)
        $manifest = & (Join-Path $PSScriptRoot 'Import-Datamodels.ps1')
        New-SmallSetting $TestDrive/setting
        Push-Location $TestDrive/setting

        # A cluster that takes every job and never gets round to it.
        $pathBefore = $env:PATH
        & "$PSScriptRoot/New-FakeSlurm.ps1" "$TestDrive/slurm"
    }

    AfterAll {
        $env:PATH = $pathBefore
        Pop-Location
    }

    # One after the other, as a reader goes: a later block uses the run of an earlier one.
    It 'run as they are written: <Name>' -ForEach $blocks {
        if ($Slurm -and $IsWindows) { Set-ItResult -Skipped -Because 'the sbatch of these tests is a script for bash' }
        $ErrorActionPreference = 'Stop'
        { . ([scriptblock]::Create((Small $Code).Replace('./Datamodels.psd1', $manifest))) } | Should -Not -Throw
    }

    It 'the script of the demo runs' {
        $said = & $root/examples/digits/demo.ps1 examples/digits/experiment.yaml | Out-String
        $said | Should -Match '40 models of perceptron 32, 20 epochs'
        $said | Should -Match '30 datamodels'
    }

    It 'the picture of the README can be drawn again' {
        $picture = "$TestDrive/influencers.svg"
        & $root/examples/digits/picture.ps1 -RunPath out/digits -Target 3, 1 -Top 2 -Path $picture
        $svg = ([xml](Get-Content $picture -Raw)).svg
        @($svg.text.'#text') | Where-Object { $_ -like 'target *' } | Should -Be 'target 3', 'target 1'
        $weights = @($svg.text.'#text' | Where-Object { $_ -match '^[+-]\d\.\d\d$' })
        $weights.Count | Should -BeIn (2..8)
        # A sheet of paper for each digit, on one ground.
        @($svg.rect | Where-Object class -EQ paper).Count | Should -Be (2 + $weights.Count)
    }

    It 'name every cmdlet of the module' {
        $readme = Get-Content $root/README.md -Raw
        $named = [regex]::Matches($readme, '(?m)^\| \[`([A-Z][a-z]+-\w+)`\]\(docs/cmdlets/\1\.md\)') |
            ForEach-Object { $_.Groups[1].Value } | Sort-Object
        # A script of the examples may have imported the checkout's copy as well.
        $named | Should -Be (@(Get-Module Datamodels)[0].ExportedCmdlets.Keys | Sort-Object)
    }
}
