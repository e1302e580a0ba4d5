BeforeAll {
    $root = Resolve-Path "$PSScriptRoot/../.."
    $module = & "$PSScriptRoot/Import-Datamodels.ps1"
    & "$PSScriptRoot/New-SmallDigits.ps1" "$TestDrive/small.csv"
    $learner = New-Learner -Hidden 16
    $data = Import-TrainingData "$TestDrive/small.csv" -TestSize 20 -Scaling UnitRange -ImageShape 8x8
    $datamodels = $data | Start-SubsetTraining "$TestDrive/run" -Count 1000 -Learner $learner | Invoke-DatamodelFit
    $self = $data | Start-SubsetTraining "$TestDrive/self" -Count 1000 -Learner $learner -TargetSet Train | Invoke-DatamodelFit
    $graph = $self | Get-DatamodelGraph
}

Describe 'Get-DatamodelEmbedding' {
    It 'gives components, the one with the most variance first, and points' {
        $components = $datamodels | Get-DatamodelEmbedding 4 -Top 3
        $components.Component | Should -Be (1..4)
        $components.ExplainedVariance | Should -Be ($components.ExplainedVariance | Sort-Object -Descending)
        $components[3].CumulativeVariance | Should -BeLessThan 1
        $components[0].PositiveTargets.Count | Should -Be 3
        $components[0].NegativeExamples.Count | Should -Be 3
        $points = $components[0].Embedding.Points
        $points.Target | Should -Be (0..19)
        $points[0].Coordinates.Count | Should -Be 4
        ($points | Sort-Object { -$_.Coordinates[0] } | Select-Object -First 3).Target |
            Should -Be @($components[0].PositiveTargets)
    }

    It 'sets the representation beside, which has fewer dimensions' {
        $component = $datamodels | Get-DatamodelEmbedding 4 -Representation -RetrainingCount 2 | Select-Object -Last 1
        $component.RepresentationCumulativeVariance | Should -BeGreaterThan $component.CumulativeVariance
        $component.Embedding.Representation.EffectiveRank | Should -BeLessThan $component.Embedding.Variance.EffectiveRank
    }

    It 'gives what components there are of few datamodels' {
        $datamodels[0..3] | Get-DatamodelEmbedding | Should -HaveCount 3
    }

    It 'refuses more components than there are' {
        { $datamodels | Get-DatamodelEmbedding 20 -ErrorAction Stop } |
            Should -Throw '*20*1 to 19*' -ErrorId 'ComponentCountOutOfRange,*'
    }
}

Describe 'Test-EmbeddingComponent' {
    It 'says what each end of each component loses' {
        $effects = $self | Get-DatamodelEmbedding 2 | Test-EmbeddingComponent -Size 15 -RetrainingCount 4 -Seed 3
        $effects.Component | Should -Be 1, 1, 2, 2
        $effects.End | Should -Be 'Positive', 'Negative', 'Positive', 'Negative'
        $effects.Size | Should -Be 15, 15, 15, 15
        $effects.Difference | ForEach-Object { $_ | Should -BeGreaterThan 0 }
        $again = Test-EmbeddingComponent ($self | Get-DatamodelEmbedding 2) -Size 15 -RetrainingCount 4 -Seed 3 -ThrottleLimit 1
        $again.Difference | Should -Be $effects.Difference
    }
}

Describe 'Get-DatamodelGraph, Get-DatamodelCluster and Export-DatamodelGraph' {
    It 'joins examples that help each other, most of them of one class' {
        $graph.VertexCount | Should -Be 280
        $graph.EdgeCount | Should -BeGreaterThan 1400
        $graph.SameLabelFraction | Should -BeGreaterThan 0.4
        ($self | Get-DatamodelGraph 3).EdgeCount | Should -BeLessThan $graph.EdgeCount
    }

    It 'refuses targets of the test set' {
        { $datamodels | Get-DatamodelGraph -ErrorAction Stop } |
            Should -Throw '*-TargetSet Train*' -ErrorId 'TargetsNotTraining,*'
    }

    It 'finds clusters that agree with the classes' {
        $clusters = $graph | Get-DatamodelCluster
        $clusters.Count | Should -Be 10
        ($clusters.Size | Measure-Object -Sum).Sum | Should -Be 280
        $clusters.Examples | Sort-Object | Should -Be (0..279)
        $clusters[0].Clustering.Purity | Should -BeGreaterThan 0.5
        $clusters[0].Clustering.NormalizedMutualInformation | Should -BeGreaterThan 0.4
        @($graph | Get-DatamodelCluster -Method Component)[0].Size | Should -BeGreaterThan 100
        { $graph | Get-DatamodelCluster 281 -ErrorAction Stop } | Should -Throw '*281*' -ErrorId 'ClusterCountOutOfRange,*'
    }

    It 'writes GraphML and CSV, with clusters and without' {
        $graph | Export-DatamodelGraph "$TestDrive/bare.graphml"
        $graph | Get-DatamodelCluster 5 | Export-DatamodelGraph "$TestDrive/graph.graphml"
        $xml = [xml](Get-Content "$TestDrive/graph.graphml" -Raw)
        $xml.graphml.graph.node.Count | Should -Be 280
        $xml.graphml.graph.edge.Count | Should -Be $graph.EdgeCount
        $files = $graph | Get-DatamodelCluster 5 | Export-DatamodelGraph "$TestDrive/graph.csv" -PassThru
        $files.Name | Should -Be 'graph-edges.csv', 'graph-nodes.csv'
        $nodes = Import-Csv $files[1]
        $nodes.Id | Should -Be (0..279)
        $nodes.Cluster | Sort-Object -Unique | Should -Be (1..5)
        ($nodes | Where-Object Id -EQ 7).Label | Should -Be $graph.Vertices[7].Label
        $edges = Import-Csv $files[0]
        [double]$edges[0].Weight | Should -Be $graph.Edges[0].Weight
    }

    It 'replaces files only when told to, and refuses formats it does not know' {
        Set-Content "$TestDrive/there-nodes.csv" 'mine'
        { $graph | Export-DatamodelGraph "$TestDrive/there.csv" -ErrorAction Stop } | Should -Throw -ErrorId 'FileExists,*'
        Get-Content "$TestDrive/there-nodes.csv" | Should -Be 'mine'
        "$TestDrive/there-edges.csv" | Should -Not -Exist
        $graph | Export-DatamodelGraph "$TestDrive/there.csv" -Force
        (Import-Csv "$TestDrive/there-nodes.csv").Count | Should -Be 280
        { $graph | Export-DatamodelGraph "$TestDrive/graph.txt" -ErrorAction Stop } |
            Should -Throw '*.graphml*' -ErrorId 'GraphFormatUnknown,*'
        $graph | Export-DatamodelGraph "$TestDrive/not.graphml" -WhatIf
        "$TestDrive/not.graphml" | Should -Not -Exist
    }

    It 'is the same to the bit on one core' {
        Set-Content "$TestDrive/shape.ps1" @"
            Import-Module '$module'
            `$fits = Get-SubsetTraining '$TestDrive/self' | Invoke-DatamodelFit
            (`$fits | Get-DatamodelEmbedding).Loadings | Join-String -Separator ' '
            `$fits | Get-DatamodelGraph | Get-DatamodelCluster | Export-DatamodelGraph "`$(`$args[0]).csv"
            Get-Content "`$(`$args[0])-edges.csv", "`$(`$args[0])-nodes.csv"
"@
        $all = pwsh -NoProfile -File "$TestDrive/shape.ps1" "$TestDrive/all"
        $env:DOTNET_PROCESSOR_COUNT = 1
        try {
            $one = pwsh -NoProfile -File "$TestDrive/shape.ps1" "$TestDrive/one"
        } finally {
            $env:DOTNET_PROCESSOR_COUNT = $null
        }
        $all.Count | Should -BeGreaterThan 1000
        ($one -join "`n") | Should -BeExactly ($all -join "`n")
    }
}
