BeforeAll {
    $root = Resolve-Path "$PSScriptRoot/../.."
    $module = & "$PSScriptRoot/Import-Datamodels.ps1"
}

Describe 'The module' {
    It 'is a valid manifest' {
        Test-ModuleManifest $module | Should -Not -BeNullOrEmpty
    }

    It 'gives every command its manifest names' {
        $manifest = Import-PowerShellDataFile $module
        (Get-Command -Module Datamodels -CommandType Cmdlet).Name | Sort-Object |
            Should -Be ($manifest.CmdletsToExport | Sort-Object)
        (Get-Alias Get-Influencer).ResolvedCommand.Name | Should -Be 'Get-Influencers'
    }

    It 'uses approved verbs only' {
        $approved = (Get-Verb).Verb
        Get-Command -Module Datamodels -CommandType Cmdlet | Where-Object Verb -NotIn $approved | Should -BeNullOrEmpty
    }

    It 'gives them again when it is imported again' {
        $expected = (Get-Command -Module Datamodels).Count
        Import-Module $module -Force
        (Get-Command -Module Datamodels).Count | Should -Be $expected
        Remove-Module Datamodels
        Get-Command New-Learner -ErrorAction Ignore | Should -BeNullOrEmpty
        Import-Module $module
        (Get-Command -Module Datamodels).Count | Should -Be $expected
        (New-Learner).Epochs | Should -Be 20
        (Get-Alias Get-Influencer).ResolvedCommand.Name | Should -Be 'Get-Influencers'
    }

    It 'keeps its libraries out of PowerShell''s own load context' {
        $null = Import-TrainingData "$root/examples/digits/digits.csv.gz" -TestSize 10
        $assemblies = [System.Runtime.Loader.AssemblyLoadContext]::Default.Assemblies | ForEach-Object { $_.GetName().Name }
        $assemblies | Should -Contain 'System.Management.Automation'
        $assemblies | Should -Contain 'Datamodels.Loader'
        'Datamodels', 'Datamodels.PowerShell', 'CsvHelper', 'MathNet.Numerics', 'YamlDotNet' |
            ForEach-Object { $assemblies | Should -Not -Contain $_ }
    }
}

Describe 'New-Learner' {
    It 'is a perceptron with 32 hidden units by default' {
        $learner = New-Learner
        $learner.Kind | Should -Be 'Perceptron'
        "$($learner.Hidden)" | Should -Be '32'
    }

    It 'has no hidden layers for softmax regression' {
        (New-Learner Softmax).Hidden.Count | Should -Be 0
    }

    It 'takes every setting' {
        $learner = New-Learner -Kind Perceptron -Hidden 16, 8 -EpochCount 8 -BatchSize 10 -LearningRate 0.2 -PeakEpoch 3 `
            -Momentum 0.5 -WeightDecay 0.01 -LabelSmoothing 0.1
        "$($learner.Hidden)" | Should -Be '16 8'
        $learner.Epochs, $learner.BatchSize, $learner.LearningRate, $learner.PeakEpoch | Should -Be 8, 10, 0.2, 3
        $learner.Momentum, $learner.WeightDecay, $learner.LabelSmoothing | Should -Be 0.5, 0.01, 0.1
    }

    It 'takes the layers and settings of a convolutional network' {
        $learner = New-Learner Convolutional -Layer 'conv 16 3x3, batchNorm, relu', 'maxPool 2', 'dense' -Flip -Translate 2 `
            -Cutout 4 -FlipAtTest
        $learner.Layers -join ', ' | Should -Be 'conv 16 3x3, batchNorm, relu, maxPool 2, dense'
        $learner.Flip, $learner.Translate, $learner.Cutout, $learner.FlipAtTest | Should -Be $true, 2, 4, $true
        $learner | Out-String | Should -Match '5 layers'
    }

    It 'refuses what is not a layer, and a learner without any' {
        (New-Learner -Layer 'conv 16 3x3', 'dense').Kind | Should -Be Convolutional
        (New-Learner).Kind | Should -Be Perceptron
        { New-Learner Convolutional -Layer 'conv 16' } | Should -Throw "*'conv 16'*conv 16 3x3*" -ErrorId 'LayerInvalid,*'
        { New-Learner Convolutional } | Should -Throw '*Layers*' -ErrorId 'LearnerSettingOutOfRange,*'
    }

    It 'puts the peak after a quarter of the epochs' {
        (New-Learner -EpochCount 3).PeakEpoch | Should -Be 0.75
    }

    It 'refuses a setting outside its range, and names it' {
        { New-Learner -Momentum 1 } | Should -Throw '*Momentum*1*' -ErrorId 'LearnerSettingOutOfRange,*'
    }
}
